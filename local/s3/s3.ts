import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { finished, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import S3rver from '@20minutes/s3rver';
import { type Caller, ServiceError } from '../service.ts';
import { takeTurns } from '../take-turns.ts';
import { answerError } from './answer-error.ts';
import { deleteObjects } from './delete-objects.ts';
import { listObjects } from './list-objects.ts';
import { ObjectStore, temporaryFolder } from './object-store.ts';
import { authorize, checkPath, readOperation, type S3Operation, writesObject } from './operation.ts';
import { plainRequest } from './plain-request.ts';
import { checkPreconditions } from './preconditions.ts';

/** S3 on a folder: an object's content lies at `<folder>/<bucket>/<key>._S3rver_object`. */
export interface S3 {
  /** Answers a request with path-style addressing, an S3 error included. */
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>;
  /** Reads a whole object as text. @throws {ServiceError} `NoSuchKey` */
  read(bucket: string, key: string): Promise<string>;
  /** Creates a bucket unless it is there. */
  ensureBucket(name: string): Promise<void>;
  stop(): void;
}

/** Opens the buckets of a folder. */
export function startS3({ folder }: { readonly folder: string }): S3 {
  mkdirSync(folder, { recursive: true });
  // What a process that was killed had begun to write.
  for (const bucket of readdirSync(folder))
    rmSync(join(folder, bucket, temporaryFolder), { recursive: true, force: true });
  const app = new S3rver({ directory: folder, silent: true, vhostBuckets: false });
  const store = new ObjectStore(folder);
  app.store = store;
  app.context.store = store;
  app.on('error', reportUnexpected);
  const answer = app.callback();
  const inTurn = takeTurns();

  async function act(operation: S3Operation, request: IncomingMessage, response: ServerResponse): Promise<void> {
    await checkPreconditions(store, operation, request.headers);
    await resolveSuffixRange(store, operation, request);
    const ended = new Promise<void>(resolve => finished(response, () => resolve()));
    answer(plainRequest(request), response);
    await ended;
  }

  async function handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const operation = readOperation(request.method!, request.url!, request.headers);
    checkPath(operation);
    authorize(operation, caller);
    if (isList(operation) && (await store.getBucket(operation.bucket))) {
      await listObjects(store, operation.bucket, operation.query, response);
    } else if (operation.method === 'POST' && operation.query.has('delete')) {
      await deleteObjects({ bucket: operation.bucket, request, response, caller }, key =>
        inTurn(`${operation.bucket}/${key}`, () => store.deleteObject(operation.bucket, key)),
      );
    } else if (writesObject(operation)) {
      await inTurn(`${operation.bucket}/${operation.key}`, () => act(operation, request, response));
    } else {
      await act(operation, request, response);
    }
  }

  return {
    async handle(request, response, caller) {
      try {
        await handle(request, response, caller);
      } catch (error) {
        answerError(request, response, error);
      }
    },
    async read(bucket, key) {
      const object = await store.getObject(bucket, key);
      if (!object) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
      return text(object.content as Readable);
    },
    async ensureBucket(name) {
      await store.putBucket(name);
    },
    stop() {
      app.logger.close();
    },
  };
}

/** What S3 itself answers reaches the caller, and who went away knows it; the rest the caller sees as an InternalError without a cause. */
function reportUnexpected(error: NodeJS.ErrnoException & { status?: number }): void {
  const isBrokenOff = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(error.code ?? '');
  if (!isBrokenOff && (error.status ?? 500) >= 500) console.error('S3:', error);
}

function isList({ method, bucket, key, query }: S3Operation): boolean {
  const subresources = ['location', 'uploads', 'cors', 'website', 'policy', 'versioning', 'acl', 'lifecycle'];
  return method === 'GET' && bucket !== '' && key === '' && !subresources.some(name => query.has(name));
}

/** s3rver takes `bytes=-500` for the first 500 bytes. */
async function resolveSuffixRange(store: ObjectStore, { bucket, key }: S3Operation, request: IncomingMessage) {
  const suffix = /^bytes=-(\d+)$/.exec(request.headers.range ?? '');
  if (!suffix || key === '') return;
  const size = await store.getMetadata(bucket, key).then(
    metadata => metadata['content-length'],
    () => 0,
  );
  request.headers.range = `bytes=${Math.max(0, size - Number(suffix[1]))}-`;
}
