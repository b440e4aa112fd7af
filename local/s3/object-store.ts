import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import S3Object from '@20minutes/s3rver/lib/models/object.js';
import FilesystemStore, { type StoredMetadata } from '@20minutes/s3rver/lib/stores/filesystem.js';

/**
 * s3rver's store, made to keep S3's promises: an object is whole or as it was before, whenever the process ends, and its ETag is that of its
 * content even when another writer put the file there.
 *
 * Folders are never removed, as a writer may be about to put a file there.
 */
export class ObjectStore extends FilesystemStore {
  override async putObject(object: S3Object): Promise<{ size: number; md5: string }> {
    const { temporary, size, md5 } = await this.#writeTemporary(object.bucket, object.content);
    await this.#replace(object.bucket, object.key, temporary, md5, object.metadata);
    return { size, md5 };
  }

  override async copyObject(
    sourceBucket: string,
    sourceKey: string,
    bucket: string,
    key: string,
    metadata?: Record<string, unknown>,
  ): Promise<StoredMetadata> {
    const source = await this.getMetadata(sourceBucket, sourceKey);
    const temporary = await this.#temporaryPath(bucket);
    await copyFile(this.getResourcePath(sourceBucket, sourceKey, 'object'), temporary);
    await this.#replace(bucket, key, temporary, JSON.parse(source.etag), metadata ?? { ...source });
    return this.getMetadata(bucket, key);
  }

  override async deleteObject(bucket: string, key: string): Promise<void> {
    // The object first: what a sudden end leaves behind is then found by nobody.
    for (const resource of ['object', 'object.md5', 'metadata.json']) {
      await rm(this.getResourcePath(bucket, key, resource), { force: true });
    }
  }

  override async getMetadata(bucket: string, key: string): Promise<StoredMetadata> {
    const path = this.getResourcePath(bucket, key, 'object');
    const stats = await stat(path);
    const [stored, md5] = await Promise.all([
      readFile(this.getResourcePath(bucket, key, 'metadata.json'), 'utf8').catch(whenMissing('{}')),
      readDigest(path, stats),
    ]);
    return {
      ...JSON.parse(stored),
      etag: `"${md5}"`,
      'last-modified': stats.mtime.toUTCString(),
      'content-length': stats.size,
    };
  }

  /** Opens content and metadata of one and the same version of the object. */
  override async getObject(bucket: string, key: string, range: { start?: number; end?: number } = {}) {
    const path = this.getResourcePath(bucket, key, 'object');
    for (;;) {
      const file = await open(path).catch(whenMissing(null));
      if (!file) return null;
      const metadata = await this.getMetadata(bucket, key).catch(whenMissing(null));
      if (metadata && (await file.stat()).ino === (await stat(path).catch(whenMissing(null)))?.ino) {
        return openObject({ bucket, key, file, metadata, range });
      }
      await file.close();
    }
  }

  async #writeTemporary(bucket: string, content: S3Object['content']) {
    const temporary = await this.#temporaryPath(bucket);
    const hash = createHash('md5');
    let size = 0;
    const count = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    try {
      const source = Buffer.isBuffer(content) ? Readable.from([content]) : (content as Readable);
      await pipeline(source, count, createWriteStream(temporary));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    return { temporary, size, md5: hash.digest('hex') };
  }

  /** Temporary files lie outside the keys' folders, on the same file system, so that a rename moves them. */
  async #temporaryPath(bucket: string): Promise<string> {
    const folder = join(this.getBucketPath(bucket), temporaryFolder);
    await mkdir(folder, { recursive: true });
    return join(folder, randomUUID());
  }

  async #replace(bucket: string, key: string, temporary: string, md5: string, metadata: Record<string, unknown>) {
    const path = this.getResourcePath(bucket, key, 'object');
    await mkdir(dirname(path), { recursive: true });
    const stats = await stat(temporary);
    await rename(temporary, path);
    await this.putMetadata(bucket, key, metadata);
    await writeDigest(path, md5, stats);
  }
}

/** Folder inside each bucket's that holds what is not yet an object. */
export const temporaryFolder = '._S3rver_temporary';

interface OpenObjectOptions {
  readonly bucket: string;
  readonly key: string;
  readonly file: FileHandle;
  readonly metadata: StoredMetadata;
  /** Inclusive bounds, in bytes. */
  readonly range: { readonly start?: number; readonly end?: number };
}

async function openObject({ bucket, key, file, metadata, range }: OpenObjectOptions): Promise<S3Object> {
  const last = metadata['content-length'] - 1;
  const start = range.start ?? 0;
  const end = Math.min(range.end ?? last, last);
  const isPart = range.start !== undefined || range.end !== undefined;
  const isReadable = start <= end;
  if (!isReadable) await file.close();
  const content = isReadable ? file.createReadStream({ start, end }) : isPart ? null : Readable.from([]);
  const object = new S3Object(bucket, key, content, { ...metadata });
  if (isPart) object.range = { start, end };
  return object;
}

/** MD5 of a file's content, kept beside it together with what tells this content from another. */
async function readDigest(path: string, stats: Stats): Promise<string> {
  const [md5, identity] = (await readFile(`${path}.md5`, 'utf8').catch(whenMissing(''))).split(' ');
  if (identity === identityOf(stats)) return md5!;
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  const digest = hash.digest('hex');
  await writeDigest(path, digest, stats);
  return digest;
}

async function writeDigest(path: string, md5: string, stats: Stats): Promise<void> {
  await writeFile(`${path}.md5`, `${md5} ${identityOf(stats)}`);
}

function identityOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino}-${size}-${mtimeMs}`;
}

function whenMissing<T>(value: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };
}
