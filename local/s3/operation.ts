import { type Caller, ServiceError } from '../service.ts';

/** What an S3 request is about, read off its method, path and query. */
export interface S3Operation {
  readonly method: string;
  /** Empty when the request names none: ListBuckets. */
  readonly bucket: string;
  /** Empty when the request is about the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** What a copy copies. */
  readonly source: { readonly bucket: string; readonly key: string } | null;
}

/** Reads the operation off a request with path-style addressing. @throws {URIError} when the path is not valid UTF-8 */
export function readOperation(
  method: string,
  url: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): S3Operation {
  const [path, search] = url.split('?', 2) as [string, string?];
  const copySource = headers['x-amz-copy-source'];
  return {
    method,
    ...splitPath(path),
    query: new URLSearchParams(search),
    source: typeof copySource === 'string' ? splitPath(copySource.split('?')[0]!) : null,
  };
}

/**
 * Lets nobody reach another key, or a file outside the folder, under a permission for this one.
 *
 * @throws {ServiceError} `InvalidURI` when a part of a path is `.` or `..`
 */
export function checkPath({ bucket, key, source }: Pick<S3Operation, 'bucket' | 'key' | 'source'>): void {
  const parts = [bucket, ...key.split('/'), ...(source ? [source.bucket, ...source.key.split('/')] : [])];
  if (parts.some(part => part === '.' || part === '..')) {
    throw new ServiceError('InvalidURI', 'Could not parse the specified URI.');
  }
}

/** Whether the request changes the object that it names. */
export function writesObject({ method, key, query }: S3Operation): boolean {
  return key !== '' && (method === 'PUT' || method === 'DELETE' || method === 'POST') && !query.has('partNumber');
}

/**
 * Requires the permissions that S3 requires for the operation; those of a multi-object delete are its keys' own.
 *
 * @throws {ServiceError} `AccessDenied`
 */
export function authorize(operation: S3Operation, caller: Caller): void {
  const { bucket, key, source } = operation;
  if (source) caller.require('s3:GetObject', objectArn(source.bucket, source.key));
  const isMultiDelete = operation.method === 'POST' && operation.query.has('delete');
  if (key !== '') caller.require(objectAction(operation), objectArn(bucket, key));
  else if (bucket === '') caller.require('s3:ListAllMyBuckets', '*');
  else if (!isMultiDelete) requireOnBucket(operation, caller);
}

function requireOnBucket(operation: S3Operation, caller: Caller): void {
  const action = bucketAction(operation);
  const prefix = operation.query.get('prefix') ?? '';
  caller.require(action, bucketArn(operation.bucket), action === 's3:ListBucket' ? { 's3:prefix': prefix } : undefined);
}

/** ARN of an object. */
export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

function objectAction({ method, query }: S3Operation): string {
  const isTagging = query.has('tagging');
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (query.has('uploadId')) return 's3:ListMultipartUploadParts';
      return isTagging ? 's3:GetObjectTagging' : 's3:GetObject';
    case 'DELETE':
      return query.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject';
    default:
      return isTagging ? 's3:PutObjectTagging' : 's3:PutObject';
  }
}

function bucketAction({ method, query }: S3Operation): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (query.has('location')) return 's3:GetBucketLocation';
      return query.has('uploads') ? 's3:ListBucketMultipartUploads' : 's3:ListBucket';
    case 'DELETE':
      return 's3:DeleteBucket';
    default:
      return 's3:CreateBucket';
  }
}

function splitPath(path: string): { bucket: string; key: string } {
  const [bucket = '', ...key] = path.replace(/^\//, '').split('/');
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key.join('/')) };
}
