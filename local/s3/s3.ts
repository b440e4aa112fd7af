import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished, type Readable } from 'node:stream';
import S3rver from '@20minutes/s3rver';
import { xml } from '../gateway/xml.ts';
import { type Caller, ServiceError } from '../service.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { deleteObjects } from './delete-objects.ts';
import { listObjects } from './list-objects.ts';
import { ObjectStore } from './object-store.ts';
import { authorize, checkPath, readOperation, type S3Operation, writesObject } from './operation.ts';
import { checkPreconditions } from './preconditions.ts';

/** S3 on a folder: an object's content lies at `<folder>/<bucket>/<key>._S3rver_object`. */
export interface S3 {
  /** Answers a request with path-style addressing, an S3 error included. */
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>;
  /** Creates a bucket unless it is there. */
  ensureBucket(name: string): Promise<void>;
  stop(): void;
}

/** Opens the buckets of a folder. */
export function startS3({ folder }: { readonly folder: string }): S3 {
  mkdirSync(folder, { recursive: true });
  const app = new S3rver({ directory: folder, silent: true, vhostBuckets: false });
  const store = new ObjectStore(folder);
  app.store = store;
  app.context.store = store;
  // Koa prints errors that nobody listens for; each reaches its caller as an answer.
  app.on('error', () => {});
  const answer = app.callback();
  const writes = new Map<string, Promise<void>>();

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
        inTurn(writes, `${operation.bucket}/${key}`, () => store.deleteObject(operation.bucket, key)),
      );
    } else if (writesObject(operation)) {
      await inTurn(writes, `${operation.bucket}/${operation.key}`, () => act(operation, request, response));
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
    async ensureBucket(name) {
      await store.putBucket(name);
    },
    stop() {
      app.logger.close();
    },
  };
}

function isList({ method, bucket, key, query }: S3Operation): boolean {
  const subresources = ['location', 'uploads', 'cors', 'website', 'policy', 'versioning', 'acl', 'lifecycle'];
  return method === 'GET' && bucket !== '' && key === '' && !subresources.some(name => query.has(name));
}

/** Runs one write of a key after the other, so that no other write comes between a condition and its act. */
async function inTurn(writes: Map<string, Promise<void>>, key: string, act: () => Promise<void>): Promise<void> {
  const turn = (writes.get(key) ?? Promise.resolve()).then(act);
  const settled = turn.catch(() => {});
  writes.set(key, settled);
  await settled;
  if (writes.get(key) === settled) writes.delete(key);
  return turn;
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

/** The request without its signature, which the front has looked at already, and without `aws-chunked`. */
function plainRequest(request: IncomingMessage): IncomingMessage {
  const { authorization: _, 'content-encoding': encoding, ...headers } = request.headers;
  const plain = (stream: Readable) =>
    Object.assign(stream, {
      headers: { 'x-amz-date': '', ...headers },
      method: request.method,
      url: withoutSignature(request.url!),
      socket: request.socket,
    }) as unknown as IncomingMessage;
  if (!headers['x-amz-content-sha256']?.toString().startsWith('STREAMING-')) {
    if (encoding) headers['content-encoding'] = encoding;
    request.headers = { 'x-amz-date': '', ...headers };
    request.url = withoutSignature(request.url!);
    return request;
  }
  headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
  const rest = encoding?.replace(/(^|,\s*)aws-chunked\s*,?\s*/, '');
  if (rest) headers['content-encoding'] = rest;
  const decoded = decodeAwsChunked();
  request.on('error', error => decoded.destroy(error));
  return plain(request.pipe(decoded));
}

function withoutSignature(url: string): string {
  if (!url.includes('X-Amz-')) return url;
  const [path, search] = url.split('?', 2) as [string, string];
  return `${path}?${search
    .split('&')
    .filter(parameter => !parameter.startsWith('X-Amz-'))
    .join('&')}`;
}

function answerError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  request.resume();
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known =
    error instanceof ServiceError
      ? error
      : error instanceof URIError
        ? new ServiceError('InvalidURI', 'Could not parse the specified URI.')
        : new ServiceError('InternalError', String(error), 500);
  response.writeHead(known.status, { 'content-type': 'application/xml' });
  const fields = Object.entries(known.fields).map(([name, value]) => xml(name, String(value)));
  const body = xml('Error', [xml('Code', known.code), xml('Message', known.message), ...fields]);
  response.end(request.method === 'HEAD' ? undefined : `<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}
