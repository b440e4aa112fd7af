import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import { ObjectNotFoundError, type Objects } from '../../platform/objects.ts';

/** The program that trains: its hash is the code version of every run. */
export interface TrainerCode {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Thrown when a program that has trained is no longer kept. */
export class TrainerNotKeptError extends Error {
  override readonly name = 'TrainerNotKeptError';

  constructor(uri: string, options?: ErrorOptions) {
    super(`The program that trained is not kept: there is no object at ${uri}`, options);
  }
}

/** Thrown when a program that is kept is not what its name says. */
export class CorruptTrainerError extends Error {
  override readonly name = 'CorruptTrainerError';

  constructor(uri: string, sha256: string) {
    super(`Program ${uri} has sha256 ${sha256}: it is not the one that trained, and is not run`);
  }
}

/** Reads the program from the bundle that runs. */
export function readTrainerCode(url: string): TrainerCode {
  const bytes = readFileSync(fileURLToPath(url));
  return { bytes, sha256: hash('sha256', bytes, 'hex') };
}

/** Stores the program under its hash, unless it is there. */
export async function keepTrainerCode(objects: Objects, { bytes, sha256 }: TrainerCode): Promise<void> {
  const key = codeKey(sha256);
  if (!(await objects.exists(key))) await objects.write(key, bytes, 'text/javascript');
}

/**
 * Reads a program that is kept, and verifies it by its name.
 *
 * @throws {TrainerNotKeptError} @throws {CorruptTrainerError}
 */
export async function readKeptTrainer(objects: Objects, sha256: string): Promise<TrainerCode> {
  const uri = objects.uri(codeKey(sha256));
  const bytes = await objects.read(codeKey(sha256)).catch(cause => {
    throw cause instanceof ObjectNotFoundError ? new TrainerNotKeptError(uri, { cause }) : cause;
  });
  const found = hash('sha256', bytes, 'hex');
  if (found !== sha256) throw new CorruptTrainerError(uri, found);
  return { bytes, sha256 };
}

function codeKey(sha256: string): string {
  return `${bucketPrefixes.code}${sha256}.mjs`;
}
