import { basename } from 'node:path';
import { landingPrefix } from '../lifecycle/datasets/landing-keys.ts';
import type { Objects } from '../platform/objects.ts';
import { readWhole } from './local-files.ts';

/** Drops a file of this machine where the next lifecycle ingests it. @returns its key @throws {FileAccessError} */
export async function dropFile(objects: Objects, useCase: string, path: string): Promise<string> {
  const key = `${landingPrefix(useCase)}${basename(path)}`;
  await objects.write(key, await readWhole(path));
  return key;
}
