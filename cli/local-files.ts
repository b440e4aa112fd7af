import { access, constants, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readJsonObject } from './read-option.ts';

/** Thrown when a file that an option names can't be read or written. */
export class FileAccessError extends Error {
  override readonly name = 'FileAccessError';
}

/** Reads a file whole. @throws {FileAccessError} */
export async function readWhole(path: string): Promise<Uint8Array> {
  return readFile(path).catch(cause => fail(`Cannot read "${path}"`, cause));
}

/** Reads a file that holds a JSON object. @param of what is in it, for the error @throws {FileAccessError} */
export async function readJsonFile(path: string, of: string): Promise<object> {
  const text = new TextDecoder().decode(await readWhole(path));
  try {
    return readJsonObject(text, of);
  } catch (cause) {
    throw new FileAccessError(`Cannot read "${path}": ${(cause as Error).message}`, { cause });
  }
}

/** Size of a file in bytes, without reading it. @throws {FileAccessError} */
export async function sizeOf(path: string): Promise<number> {
  const { size } = await stat(path).catch(cause => fail(`Cannot read "${path}"`, cause));
  return size;
}

/**
 * Finds out early whether a file can be written.
 *
 * @param inputs files that are read meanwhile, and must not be written over
 * @throws {FileAccessError}
 */
export async function requireWritable(path: string, inputs: readonly string[] = []): Promise<void> {
  await access(dirname(resolve(path)), constants.W_OK).catch(cause => fail(`Cannot write "${path}"`, cause));
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) throw new FileAccessError(`Cannot write "${path}": it is a folder`);
  for (const input of inputs) {
    const read = await stat(input).catch(() => undefined);
    if (existing && existing.ino === read?.ino && existing.dev === read.dev) {
      throw new FileAccessError(`Cannot write "${path}": it is the file that is read`);
    }
  }
}

function fail(problem: string, cause: NodeJS.ErrnoException): never {
  const reason = cause.code === 'ENOENT' ? 'there is no such file or folder' : cause.message;
  throw new FileAccessError(`${problem}: ${reason}`, { cause });
}
