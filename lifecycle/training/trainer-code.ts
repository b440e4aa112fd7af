import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { Objects } from '../../platform/objects.ts';

/** The program that trains: its hash is the code version of every run. */
export interface TrainerCode {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Reads the program from the bundle that runs. */
export function readTrainerCode(url: string): TrainerCode {
  const bytes = readFileSync(fileURLToPath(url));
  return { bytes, sha256: hash('sha256', bytes, 'hex') };
}

/** Stores the program under its hash, unless it is there. */
export async function keepTrainerCode(objects: Objects, { bytes, sha256 }: TrainerCode): Promise<void> {
  const key = `${bucketPrefixes.code}${sha256}.mjs`;
  if (!(await objects.exists(key))) await objects.write(key, bytes, 'text/javascript');
}
