/** The parts of s3rver that are mounted behind the front. */
declare module '@20minutes/s3rver' {
  import type { RequestListener } from 'node:http';
  import type FilesystemStore from '@20minutes/s3rver/lib/stores/filesystem.js';

  export default class S3rver {
    constructor(options: { directory: string; silent: boolean; vhostBuckets: boolean });
    store: FilesystemStore;
    readonly context: { store: FilesystemStore };
    readonly logger: { close(): void };
    callback(): RequestListener;
    on(event: 'error', listener: (error: Error) => void): this;
  }
}

declare module '@20minutes/s3rver/lib/models/object.js' {
  export default class S3Object {
    constructor(bucket: string, key: string, content: unknown, metadata: Record<string, unknown>);
    readonly bucket: string;
    readonly key: string;
    readonly content: NodeJS.ReadableStream | Buffer;
    readonly metadata: Record<string, unknown>;
    range?: { start: number; end: number };
  }
}

declare module '@20minutes/s3rver/lib/stores/filesystem.js' {
  import type S3Object from '@20minutes/s3rver/lib/models/object.js';

  export interface StoredMetadata {
    readonly etag: string;
    readonly 'last-modified': string;
    readonly 'content-length': number;
  }

  export default class FilesystemStore {
    constructor(directory: string);
    static encodeKeyPath(key: string): string;
    static decodeKeyPath(path: string): string;
    getBucketPath(bucket: string): string;
    getResourcePath(bucket: string, key: string | undefined, resource: string): string;
    getBucket(bucket: string): Promise<object | null>;
    putBucket(bucket: string): Promise<object | null>;
    listBuckets(): Promise<{ name: string; creationDate: Date }[]>;
    getMetadata(bucket: string, key: string): Promise<StoredMetadata>;
    putMetadata(bucket: string, key: string, metadata: Record<string, unknown>): Promise<void>;
    putContent(path: string, content: NodeJS.ReadableStream | Buffer): Promise<[size: number, md5: string]>;
    getObject(bucket: string, key: string, options?: { start?: number; end?: number }): Promise<S3Object | null>;
    putObject(object: S3Object): Promise<{ size: number; md5: string }>;
    copyObject(
      sourceBucket: string,
      sourceKey: string,
      bucket: string,
      key: string,
      metadata?: Record<string, unknown>,
    ): Promise<StoredMetadata>;
    deleteObject(bucket: string, key: string): Promise<void>;
  }
}
