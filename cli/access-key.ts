import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';
import type { GlobalOptions } from './command.ts';

/** Thrown when a deployed stack is called without an access key. */
export class NoAccessKeyError extends Error {
  override readonly name = 'NoAccessKeyError';
}

/** `--key`, of commands that call the HTTP endpoint. */
export function keyOption(): Option {
  return new Option('--key <key>', 'access key (default: the development key of the embedded cloud)').env(
    'PERENNIAL_KEY',
  );
}

/** The key that was given, else the one that the embedded cloud keeps. @throws {NoAccessKeyError} */
export async function readAccessKey({ key, stack, state }: GlobalOptions & { readonly key?: string }): Promise<string> {
  if (key !== undefined) return key;
  if (stack !== undefined)
    throw new NoAccessKeyError('A deployed stack takes --key, or PERENNIAL_KEY in the environment');
  return (await readFile(join(state, 'development-key'), 'utf8')).trim();
}
