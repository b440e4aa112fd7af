import { ServiceError } from '../service.ts';
import type { ObjectStore } from './object-store.ts';
import type { S3Operation } from './operation.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Evaluates the conditional headers, most of which s3rver does not know.
 *
 * @throws {ServiceError} `PreconditionFailed` (412)
 */
export async function checkPreconditions(
  store: ObjectStore,
  { method, bucket, key, source }: S3Operation,
  headers: Headers,
): Promise<void> {
  if (key === '') return;
  const copied = headers['x-amz-copy-source-if-match'];
  if (source && copied !== undefined) {
    const etag = await readEtag(store, source.bucket, source.key);
    // A source that is not there is the copy's own NoSuchKey.
    if (etag !== null && !matches(copied, etag)) throw failed('x-amz-copy-source-If-Match');
  }

  const expected = headers['if-match'];
  const excluded = method === 'PUT' || method === 'POST' ? headers['if-none-match'] : undefined;
  if (expected === undefined && excluded === undefined) return;
  const etag = await readEtag(store, bucket, key);
  if (excluded !== undefined && etag !== null && matches(excluded, etag)) throw failed('If-None-Match');
  if (expected === undefined || (etag !== null && matches(expected, etag))) return;
  if (etag !== null) throw failed('If-Match');
  if (method === 'PUT' || method === 'POST')
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
  // A read of nothing is a NoSuchKey, and so is no error for a delete: both are left to s3rver.
}

async function readEtag(store: ObjectStore, bucket: string, key: string): Promise<string | null> {
  try {
    return (await store.getMetadata(bucket, key)).etag;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

function matches(header: string | string[], etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, '').replaceAll('"', '');
  return String(header)
    .split(',')
    .some(tag => tag.trim() === '*' || plain(tag) === plain(etag));
}

function failed(condition: string): ServiceError {
  return new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });
}
