import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateMachine } from 'aws-local-stepfunctions';
import { replaceFile } from '../replace-file.ts';
import type { Machine } from './executions.ts';
import { UnsupportedMachineError } from './prepare-definition.ts';

/** Digests of definitions that this process has found valid. */
const found = new Set<string>();

/**
 * Holds that definitions are valid ASL when they are new or have changed, as a deployment does: the interpreter compiles the whole schema of ASL for each of them,
 * a tenth of a second. A file of the folder remembers those of the last start.
 *
 * @throws {UnsupportedMachineError}
 */
export function validateMachines(machines: readonly Machine[], folder: string): void {
  const file = join(folder, 'valid-definitions.json');
  const kept: readonly string[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const digests = machines.map(({ definition }) => hash('sha256', definition));
  for (const [index, machine] of machines.entries()) {
    const digest = digests[index]!;
    if (kept.includes(digest) || found.has(digest)) continue;
    validate(machine);
    found.add(digest);
  }
  if (digests.every(digest => kept.includes(digest))) return;
  mkdirSync(folder, { recursive: true });
  replaceFile(file, JSON.stringify(digests));
}

function validate({ name, definition }: Machine): void {
  try {
    new StateMachine(JSON.parse(definition));
  } catch (error) {
    throw new UnsupportedMachineError(name, (error as Error).message, { cause: error });
  }
}
