import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { xml, xmlDocument } from '../gateway/xml.ts';
import type { ObjectStore } from './object-store.ts';

/** What follows a key in the name of its object's file. */
export const objectSuffix = '._S3rver_object';

/**
 * Answers ListObjectsV2 and ListObjects in place of s3rver, whose pages skip keys where a folder and a file sort apart,
 * and whose continuation tokens need a cipher that OpenSSL 3 no longer has.
 */
export async function listObjects(
  store: ObjectStore,
  bucket: string,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const isSecond = query.get('list-type') === '2';
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? 1_000), 1_000);
  const token = query.get('continuation-token');
  const after = isSecond
    ? token
      ? Buffer.from(token, 'base64url').toString()
      : (query.get('start-after') ?? '')
    : (query.get('marker') ?? '');

  const page = cutPage({ keys: await findKeys(store, bucket, prefix), prefix, delimiter, after, limit });
  const encode = query.get('encoding-type') === 'url' ? encodeKey : (key: string) => key;
  const contents = await Promise.all(page.keys.map(key => describe(store, bucket, key, encode)));
  response.setHeader('content-type', 'application/xml');
  response.end(
    xmlDocument('ListBucketResult', 'http://s3.amazonaws.com/doc/2006-03-01/', [
      xml('Name', bucket),
      xml('Prefix', encode(prefix)),
      delimiter && xml('Delimiter', encode(delimiter)),
      xml('MaxKeys', limit),
      isSecond && xml('KeyCount', page.keys.length + page.commonPrefixes.length),
      xml('IsTruncated', page.last !== null),
      page.last !== null &&
        (isSecond
          ? xml('NextContinuationToken', Buffer.from(page.last).toString('base64url'))
          : xml('NextMarker', encode(page.last))),
      query.has('encoding-type') && xml('EncodingType', 'url'),
      ...contents,
      ...page.commonPrefixes.map(common => xml('CommonPrefixes', [xml('Prefix', encode(common))])),
    ]),
  );
}

interface PageOptions {
  /** In order. */
  readonly keys: readonly string[];
  readonly prefix: string;
  readonly delimiter: string;
  /** Only what sorts behind it is listed. */
  readonly after: string;
  readonly limit: number;
}

/** A page of keys and common prefixes; `last` is where the next one begins, or null. */
export function cutPage({ keys, prefix, delimiter, after, limit }: PageOptions) {
  const page = { keys: [] as string[], commonPrefixes: [] as string[], last: null as string | null };
  let newest = after;
  for (const key of keys) {
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const name = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    if (compareKeys(name, newest) <= 0) continue;
    if (page.keys.length + page.commonPrefixes.length === limit) {
      if (limit > 0) page.last = newest;
      break;
    }
    (cut < 0 ? page.keys : page.commonPrefixes).push(name);
    newest = name;
  }
  return page;
}

/** All keys under a prefix in S3's order, which is that of their UTF-8 bytes. */
async function findKeys(store: ObjectStore, bucket: string, prefix: string): Promise<string[]> {
  const encoded = (store.constructor as typeof ObjectStore).encodeKeyPath(prefix);
  const keys: string[] = [];
  await walk(store.getBucketPath(bucket), encoded.slice(0, encoded.lastIndexOf('/') + 1), keys);
  const decode = (store.constructor as typeof ObjectStore).decodeKeyPath;
  return keys
    .map(decode)
    .filter(key => key.startsWith(prefix))
    .sort(compareKeys);
}

async function walk(root: string, folder: string, keys: string[]): Promise<void> {
  const entries = await readdir(`${root}/${folder}`, { withFileTypes: true }).catch((error): Dirent[] => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  for (const entry of entries) {
    if (entry.isDirectory()) await walk(root, `${folder}${entry.name}/`, keys);
    else if (entry.name.endsWith(objectSuffix)) keys.push(folder + entry.name.slice(0, -objectSuffix.length));
  }
}

async function describe(store: ObjectStore, bucket: string, key: string, encode: (key: string) => string) {
  try {
    const metadata = await store.getMetadata(bucket, key);
    return xml('Contents', [
      xml('Key', encode(key)),
      xml('LastModified', new Date(metadata['last-modified']).toISOString()),
      xml('ETag', metadata.etag),
      xml('Size', metadata['content-length']),
      xml('StorageClass', 'STANDARD'),
    ]);
  } catch (error) {
    // Deleted since its folder was read.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function compareKeys(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/');
}
