import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { connectObjects, ObjectChangedError, ObjectNotFoundError } from '../../../platform/objects.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';

let services: EmbeddedServices;
let client: S3Client;
let Bucket: string;
beforeAll(async () => {
  services = await startEmbeddedServices();
  client = new S3Client({});
  Bucket = services.bucket;
});
afterAll(async () => {
  client.destroy();
  await services.stop();
});

const put = (Key: string, Body: string | Uint8Array, rest = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...rest }));
const text = async (Key: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();

describe('objects', () => {
  test('come back byte for byte, with their type, metadata and ETag', async () => {
    const bytes = randomBytes(300_000);
    await put('deep/er/file name+ü&<>.bin', bytes, { ContentType: 'image/png', Metadata: { author: 'me' } });
    const found = await client.send(new GetObjectCommand({ Bucket, Key: 'deep/er/file name+ü&<>.bin' }));
    expect(Buffer.from(await found.Body!.transformToByteArray())).toEqual(bytes);
    expect(found).toMatchObject({
      ContentType: 'image/png',
      Metadata: { author: 'me' },
      ETag: `"${createHash('md5').update(bytes).digest('hex')}"`,
      ContentLength: bytes.length,
    });
  });

  test('may be empty', async () => {
    await put('empty', new Uint8Array());
    expect(await text('empty')).toBe('');
  });

  test('are read in part', async () => {
    await put('digits', '0123456789');
    const part = async (Range: string) =>
      (await client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }))).Body!.transformToString();
    expect([await part('bytes=2-4'), await part('bytes=7-'), await part('bytes=-3')]).toEqual(['234', '789', '789']);
    await expect(part('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  test('are put from a stream, as the SDK sends one: aws-chunked with a trailer', async () => {
    const bytes = randomBytes(200_000);
    await put('streamed', Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]) as never, {
      ContentLength: bytes.length,
    });
    const found = await client.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
    expect(Buffer.from(await found.Body!.transformToByteArray())).toEqual(bytes);
    expect(found.ContentEncoding).toBeUndefined();
  });

  test('are put in parts', async () => {
    const bytes = randomBytes(6 * 1024 * 1024);
    await new Upload({ client, params: { Bucket, Key: 'parts', Body: Readable.from([bytes]) } }).done();
    const found = await client.send(new GetObjectCommand({ Bucket, Key: 'parts' }));
    expect(Buffer.from(await found.Body!.transformToByteArray()).equals(bytes)).toBe(true);
  });

  test('are copied with their metadata, even when another writer made the file', async () => {
    await mkdir(`${services.s3Folder}/${Bucket}/lake`, { recursive: true });
    await writeFile(`${services.s3Folder}/${Bucket}/lake/data._S3rver_object`, 'rows');
    await client.send(new CopyObjectCommand({ Bucket, Key: 'copied', CopySource: `${Bucket}/lake/data` }));
    expect(await text('copied')).toBe('rows');
  });

  test('are copied from keys that an address would write otherwise', async () => {
    const key = 'odd/a+b &c;=@#?%41ü.csv';
    await put(key, 'odd');
    await connectObjects(Bucket).copy(key, 'even');
    expect(await text('even')).toBe('odd');
  });

  test('that another writer overwrote have the ETag of their content', async () => {
    await put('overwritten', 'before');
    await writeFile(`${services.s3Folder}/${Bucket}/overwritten._S3rver_object`, 'after');
    const { ETag } = await client.send(new HeadObjectCommand({ Bucket, Key: 'overwritten' }));
    expect(ETag).toBe(`"${createHash('md5').update('after').digest('hex')}"`);
  });

  test('that are not there answer NoSuchKey, and NotFound to HEAD', async () => {
    await expect(text('nothing')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test('cannot be reached through another path', async () => {
    // fetch would resolve the dots itself.
    const { port } = new URL(services.endpoint);
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/s3/aws4_request';
    const sent = request({ port, path: `/${Bucket}/public/%2e%2e/secret`, headers: { authorization } }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(400);
    expect(await answer.setEncoding('utf8').toArray()).toEqual([expect.stringContaining('InvalidURI')]);
  });
});

describe('deletion', () => {
  test('of an object that is not there is no error', async () => {
    await expect(client.send(new DeleteObjectCommand({ Bucket, Key: 'nothing' }))).resolves.toBeDefined();
  });

  test('takes many keys at once', async () => {
    await put('many/a&b', '1');
    await put('many/c', '2');
    const { Deleted } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'many/a&b' }, { Key: 'many/c' }] } }),
    );
    expect(Deleted).toEqual([{ Key: 'many/a&b' }, { Key: 'many/c' }]);
    expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'many/' }))).KeyCount).toBe(0);
  });
});

describe('listing', () => {
  test('pages through keys in the order of their bytes, where a folder and a file sort apart', async () => {
    const keys = ['p/a-b', 'p/a/x', 'p/a/y', 'p/a0', 'p/z', 'p/é'];
    for (const key of keys.toReversed()) await put(key, key);
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/', MaxKeys: 2, ContinuationToken }));
      seen.push(...page.Contents!.map(({ Key }) => Key!));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen).toEqual(keys);
  });

  test('gathers folders under a delimiter', async () => {
    for (const key of ['d/1/a', 'd/1/b', 'd/2/a', 'd/file']) await put(key, key);
    const input = { Bucket, Prefix: 'd/', Delimiter: '/' };
    for (const page of [
      await client.send(new ListObjectsV2Command(input)),
      await client.send(new ListObjectsCommand(input)),
    ]) {
      expect(page.CommonPrefixes).toEqual([{ Prefix: 'd/1/' }, { Prefix: 'd/2/' }]);
      expect(page.Contents!.map(({ Key }) => Key)).toEqual(['d/file']);
    }
  });

  test('of a bucket that is not there answers NoSuchBucket', async () => {
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'absent-bucket' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });
});

describe('conditions', () => {
  test('let only the first of many puts create a key', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) => put('once', String(index), { IfNoneMatch: '*' })),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const lost = attempts.find(attempt => attempt.status === 'rejected') as PromiseRejectedResult;
    expect(lost.reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  });

  test('keep a read, a copy and a delete from touching a newer object', async () => {
    const objects = connectObjects(Bucket);
    await put('changing', 'first');
    const { etag } = (await objects.list('changing'))[0]!;
    await put('changing', 'second');
    await expect(objects.stream('changing', { etag })).rejects.toBeInstanceOf(ObjectChangedError);
    await expect(objects.copy('changing', 'changed', { etag })).rejects.toBeInstanceOf(ObjectChangedError);
    await objects.delete('changing', { etag });
    expect(await text('changing')).toBe('second');
  });

  test('that hold let the act through', async () => {
    const objects = connectObjects(Bucket);
    await put('kept', 'same');
    const { etag } = (await objects.list('kept'))[0]!;
    await objects.copy('kept', 'kept-copy', { etag });
    await objects.delete('kept', { etag });
    await expect(objects.read('kept')).rejects.toBeInstanceOf(ObjectNotFoundError);
    expect(new TextDecoder().decode(await objects.read('kept-copy'))).toBe('same');
  });
});
