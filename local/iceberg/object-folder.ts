import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

const objectSuffix = '._S3rver_object';
const metadataSuffix = '._S3rver_metadata.json';
const temporarySuffix = '.tmp';

/** One object as the folder holds it. */
export interface StoredObject {
  readonly uri: string;
  readonly size: number;
  /** Of the file, in real time whatever the domain clock says. */
  readonly modifiedMs: number;
}

/** Thrown when an object is to be created where one lies already. */
export class ObjectExistsError extends Error {
  override readonly name = 'ObjectExistsError';
}

/**
 * The folder in which the local S3 server keeps its objects: `s3://bucket/key` is the file `<root>/bucket/key._S3rver_object`.
 *
 * Every object appears whole or not at all: it is written under a temporary name beside its own and then linked or renamed.
 */
export class ObjectFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** The file of an object, for those who read it in place. */
  path(uri: string): string {
    return this.#file(uri, objectSuffix);
  }

  /** @returns the bytes, or undefined when there is no such object */
  async read(uri: string): Promise<Buffer | undefined> {
    return orUndefined(readFile(this.path(uri)));
  }

  async exists(uri: string): Promise<boolean> {
    return (await orUndefined(stat(this.path(uri)))) !== undefined;
  }

  /** @returns the object's bytes, or undefined when there is no such object */
  async size(uri: string): Promise<number | undefined> {
    return (await orUndefined(stat(this.path(uri))))?.size;
  }

  /** Puts an object, in place of an older one. */
  async write(uri: string, bytes: string | Uint8Array): Promise<void> {
    await this.adopt(await this.#writeTemporary(uri, bytes), uri);
  }

  /**
   * Puts an object unless there is one: of several who try at once exactly one succeeds.
   *
   * @throws {ObjectExistsError}
   */
  async create(uri: string, bytes: string | Uint8Array): Promise<void> {
    const temporary = await this.#writeTemporary(uri, bytes);
    try {
      await link(temporary, this.path(uri));
    } catch (error) {
      if (isCode(error, 'EEXIST')) throw new ObjectExistsError(`"${uri}" exists`, { cause: error });
      throw error;
    } finally {
      // Whether the object was made is decided by now: a temporary file that stays behind must not make it look otherwise.
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Makes a finished file (on the same file system) the object, by renaming it. */
  async adopt(file: string, uri: string): Promise<void> {
    const path = this.path(uri);
    await mkdir(dirname(path), { recursive: true });
    await rename(file, path);
    await this.#removeCompanions(uri);
  }

  /** Removes an object; none there is fine. */
  async remove(uri: string): Promise<void> {
    await rm(this.path(uri), { force: true });
    await this.#removeCompanions(uri);
  }

  /** Lists the objects below `s3://bucket/prefix` (a whole folder of the key), in no order. */
  async list(prefixUri: string): Promise<StoredObject[]> {
    const files = await this.#files(prefixUri);
    const objects = await Promise.all(
      files.filter(file => file.endsWith(objectSuffix)).map(file => this.#object(file)),
    );
    return objects.filter(object => object !== undefined);
  }

  /** Removes the folder of a prefix with whatever a crash left in it. */
  async removeFolder(prefixUri: string): Promise<void> {
    await rm(this.#file(prefixUri, ''), { recursive: true, force: true });
  }

  /** Removes files below a prefix that belong to no object, if last modified before an instant of real time: what crashed writers left. */
  async removeStrays(prefixUri: string, beforeMs: number): Promise<void> {
    const files = await this.#files(prefixUri);
    for (const file of files.filter(name => !/\._S3rver_(object|object\.md5|metadata\.json)$/.test(name))) {
      const found = await orUndefined(stat(file));
      if (found && found.mtimeMs < beforeMs) await rm(file, { force: true });
    }
  }

  async #writeTemporary(uri: string, bytes: string | Uint8Array): Promise<string> {
    const temporary = this.#file(uri, `.${randomUUID()}${temporarySuffix}`);
    await mkdir(dirname(temporary), { recursive: true });
    await writeFile(temporary, bytes);
    return temporary;
  }

  /** The server keeps a digest and headers beside an object; those of an object that is gone would describe the next one. */
  async #removeCompanions(uri: string): Promise<void> {
    await rm(`${this.path(uri)}.md5`, { force: true });
    await rm(this.#file(uri, metadataSuffix), { force: true });
  }

  async #files(prefixUri: string): Promise<string[]> {
    const folder = this.#file(prefixUri, '');
    const entries = (await orUndefined(readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
    return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  }

  async #object(file: string): Promise<StoredObject | undefined> {
    const found = await orUndefined(stat(file));
    const name = relative(this.root, file).slice(0, -objectSuffix.length).split(sep).join('/');
    return found && { uri: `s3://${name}`, size: found.size, modifiedMs: found.mtimeMs };
  }

  #file(uri: string, suffix: string): string {
    const [, bucket, key] = /^s3:\/\/([a-z0-9][^/]*)\/(.*[^/])\/?$/.exec(uri) ?? [];
    const file = resolve(this.root, `${bucket}`, `${key}${suffix}`);
    if (!bucket || !key || !file.startsWith(`${join(this.root, bucket)}${sep}`))
      throw new RangeError(`"${uri}" is no object address, expected s3://bucket/key`);
    return file;
  }
}

async function orUndefined<T>(act: Promise<T>): Promise<T | undefined> {
  try {
    return await act;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
