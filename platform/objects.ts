import type { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

export interface ObjectSummary {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** Bytes `[start, end)`, at least one. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One bucket. */
export interface Objects {
  readonly bucket: string;
  /** `s3://bucket/key` */
  uri(key: string): string;
  /** Reads an object, or its bytes `[start, end)`. @throws {ObjectNotFoundError} */
  read(key: string, range?: ByteRange): Promise<Uint8Array>;
  /** @throws {ObjectNotFoundError} */
  readJson<T>(key: string): Promise<T>;
  /** Opens an object as a stream. @throws {ObjectNotFoundError} @throws {ObjectChangedError} when `etag` is given and no longer its own */
  stream(key: string, options?: { etag?: string }): Promise<Readable>;
  /** Puts an object whole: the key either holds all of it or what it held before. */
  write(key: string, body: Uint8Array | string, contentType?: string): Promise<void>;
  exists(key: string): Promise<boolean>;
  /** All objects under a prefix, by key. */
  list(prefix: string): Promise<ObjectSummary[]>;
  /** @throws {ObjectNotFoundError} @throws {ObjectChangedError} */
  copy(from: string, to: string, options?: { etag?: string }): Promise<void>;
  /** Deletes an object if it is there, and if `etag` is given, only as long as it is its own. */
  delete(key: string, options?: { etag?: string }): Promise<void>;
}

/** Thrown when a key holds nothing. */
export class ObjectNotFoundError extends Error {
  override readonly name = 'ObjectNotFoundError';

  constructor(uri: string, options?: ErrorOptions) {
    super(`No object at ${uri}`, options);
  }
}

/** Thrown when an object is no longer the one that was listed. */
export class ObjectChangedError extends Error {
  override readonly name = 'ObjectChangedError';

  constructor(uri: string, options?: ErrorOptions) {
    super(`Object ${uri} was overwritten since it was listed`, options);
  }
}

/** Connects to a bucket. */
export function connectObjects(bucket: string): Objects {
  const client = new S3Client({
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const uri = (key: string) => `s3://${bucket}/${key}`;

  async function send<T>(key: string, request: Promise<T>): Promise<T> {
    try {
      return await request;
    } catch (error) {
      if (error instanceof NoSuchKey || error instanceof NotFound)
        throw new ObjectNotFoundError(uri(key), { cause: error });
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) {
        throw new ObjectChangedError(uri(key), { cause: error });
      }
      throw error;
    }
  }

  async function open(key: string, { etag, range }: { etag?: string; range?: ByteRange } = {}) {
    const Range = range && `bytes=${range.start}-${range.end - 1}`;
    return send(key, client.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag, Range })));
  }

  async function read(key: string, range?: ByteRange) {
    const { Body } = await open(key, { range });
    return Body!.transformToByteArray();
  }

  return {
    bucket,
    uri,
    read,
    readJson: async key => JSON.parse(new TextDecoder().decode(await read(key))),
    stream: async (key, { etag } = {}) => (await open(key, { etag })).Body as Readable,
    async write(key, body, contentType) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
    },
    async exists(key) {
      try {
        await send(key, client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
        return true;
      } catch (error) {
        if (error instanceof ObjectNotFoundError) return false;
        throw error;
      }
    },
    async list(prefix) {
      const summaries: ObjectSummary[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
          summaries.push({ key: Key!, size: Size ?? 0, etag: ETag!, lastModified: LastModified! });
        }
      }
      return summaries;
    },
    async copy(from, to, { etag } = {}) {
      const CopySource = `${bucket}/${encodeURIComponent(from).replaceAll('%2F', '/')}`;
      await send(
        from,
        client.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: to,
            CopySource,
            CopySourceIfMatch: etag,
            // To keep a producer's tags would take permissions on tags.
            TaggingDirective: 'REPLACE',
          }),
        ),
      );
    },
    async delete(key, { etag } = {}) {
      try {
        await send(key, client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag })));
      } catch (error) {
        if (error instanceof ObjectNotFoundError || error instanceof ObjectChangedError) return;
        throw error;
      }
    },
  };
}
