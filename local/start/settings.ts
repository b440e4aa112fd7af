import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../replace-file.ts';

/** What the first start decided for a state folder; later starts keep to it. */
export interface Settings {
  /** Whether its observations are synthetic, and more may be made. */
  readonly demo: boolean;
}

/** Thrown when real observations are to be loaded where synthetic ones are. */
export class SyntheticStateError extends Error {
  override readonly name = 'SyntheticStateError';

  constructor(folder: string) {
    super(
      `Cannot load a file: ${folder} holds synthetic observations. Add --fresh to forget them, or --state for another folder`,
    );
  }
}

/**
 * Decides whether a state folder is a demo: it is, unless its first start loaded a file.
 *
 * @throws {SyntheticStateError} when a file is to be loaded into a demo
 */
export async function settle(folder: string, { data }: { data: string | undefined }): Promise<Settings> {
  const file = join(folder, 'settings.json');
  const present = await read(file);
  if (present?.demo && data !== undefined) throw new SyntheticStateError(folder);
  if (present) return present;
  const settings = { demo: data === undefined };
  replaceFile(file, JSON.stringify(settings));
  return settings;
}

/** Removes everything that a held state folder has, but for the hold itself. */
export async function forgetState(folder: string): Promise<void> {
  const entries = (await readdir(folder)).filter(entry => entry !== 'lock');
  for (const entry of entries) await rm(join(folder, entry), { recursive: true, force: true });
}

async function read(file: string): Promise<Settings | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
