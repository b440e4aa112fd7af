import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../replace-file.ts';

/** What the first start decided for a state folder; later starts keep to it. */
export interface Settings {
  /** Of all that the folder holds: one more whenever older state can't be read any longer. */
  readonly format: number;
  /** Whether its observations are synthetic, and more may be made. */
  readonly demo: boolean;
}

const format = 1;
const settingsFile = 'settings.json';

/** Thrown when real observations are to be loaded where synthetic ones are. */
export class SyntheticStateError extends Error {
  override readonly name = 'SyntheticStateError';

  constructor(folder: string) {
    super(
      `Cannot load a file: ${folder} holds synthetic observations. Add --fresh to forget them, or --state for another folder`,
    );
  }
}

/** Thrown when a folder holds something, and no state of the embedded cloud. */
export class NoStateFolderError extends Error {
  override readonly name = 'NoStateFolderError';

  constructor(folder: string, entry: string) {
    super(
      `Cannot keep state in ${folder}: it holds "${entry}", and no state so far. Name an empty folder, or a new one`,
    );
  }
}

/** Thrown when another version of Perennial left the state. */
export class StateFormatError extends Error {
  override readonly name = 'StateFormatError';

  constructor(folder: string, found: unknown) {
    super(
      `Cannot go on from ${folder}: its state has format ${found}, this version reads ${format}. Add --fresh to forget it, or --state for another folder`,
    );
  }
}

/**
 * Decides whether a state folder is a demo: it is, unless its first start loaded a file.
 *
 * @throws {SyntheticStateError} when a file is to be loaded into a demo
 * @throws {StateFormatError}
 * @throws {NoStateFolderError}
 */
export async function settle(folder: string, { data }: { data: string | undefined }): Promise<Settings> {
  const present = await readSettings(folder);
  if (present && present.format !== format) throw new StateFormatError(folder, present.format);
  if (present?.demo && data !== undefined) throw new SyntheticStateError(folder);
  if (present) return present;
  const settings = { format, demo: data === undefined };
  replaceFile(join(folder, settingsFile), JSON.stringify(settings));
  return settings;
}

/** Removes everything that a held state folder has, but for the hold itself. @throws {NoStateFolderError} */
export async function forgetState(folder: string): Promise<void> {
  if (!(await readSettings(folder))) return;
  const entries = (await listState(folder)).filter(entry => entry !== settingsFile);
  // The settings go last: should this be cut off, the folder is still known for what it is.
  for (const entry of [...entries, settingsFile]) await rm(join(folder, entry), { recursive: true, force: true });
}

/** Reads the settings; undefined where the folder holds nothing. @throws {NoStateFolderError} */
async function readSettings(folder: string): Promise<Settings | undefined> {
  const [first] = await listState(folder);
  if (first === undefined) return undefined;
  const file = join(folder, settingsFile);
  const settings: Partial<Settings> = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : {};
  if (settings.demo === undefined) throw new NoStateFolderError(folder, first);
  // The first format did not say so.
  return { format, ...settings, demo: settings.demo };
}

/** Names of what a folder holds, but for what may lie there before the settings do. */
async function listState(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter(entry => entry !== 'lock' && entry !== `${settingsFile}.tmp`);
}
