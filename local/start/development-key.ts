import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scopes } from '../../contracts/http.ts';
import { createAccessKey, verifyAccessKey } from '../../lifecycle/access/access-keys.ts';
import type { Clock } from '../../lifecycle/clock.ts';
import type { Table } from '../../platform/table.ts';
import { replaceFile } from '../replace-file.ts';

/** Returns the access key that this machine's state folder keeps, readable by its owner only; makes it when there is none that opens. */
export async function developmentKey(
  services: { registry: Table; clock: Clock },
  stateFolder: string,
): Promise<string> {
  const file = join(stateFolder, 'development-key');
  const kept = await read(file);
  if (kept && (await verifyAccessKey(services, kept))) return kept;
  const { key } = await createAccessKey(services, { name: 'development', scopes });
  replaceFile(file, key, 0o600);
  return key;
}

async function read(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
