import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { removeOrphanFiles } from '../../../local/iceberg/expire-snapshots.ts';
import { ObjectFolder } from '../../../local/iceberg/object-folder.ts';
import { loadTable, type Table } from '../../../local/iceberg/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { appendBatch, createObservations } from './observations.ts';

let services: EmbeddedServices;
let client: S3Client;
beforeAll(async () => {
  services = await startEmbeddedServices();
  client = new S3Client({});
});
afterAll(async () => {
  client.destroy();
  await services.stop();
});

test('the S3 server lists and serves the files of a table', async () => {
  const table = await appendBatch(await newTable('listed'), 1, 0, 40);
  const { Contents = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: services.bucket, Prefix: 'lake/listed/' }),
  );
  const objects = await table.store.folder.list(table.location);
  expect(Contents.map(({ Key, Size }) => [`s3://${services.bucket}/${Key}`, Size]).sort()).toEqual(
    objects.map(({ uri, size }) => [uri, size]).sort(),
  );
  expect((await get(table, 'metadata/version-hint.text')).text).toBe('2');
});

test('the S3 server gives a file that was overwritten its new ETag', async () => {
  const created = await newTable('overwritten');
  const before = await get(created, 'metadata/version-hint.text');
  const after = await get(await appendBatch(created, 1, 0, 1), 'metadata/version-hint.text');
  expect(before).toEqual({ text: '1', etag: md5('1') });
  expect(after).toEqual({ text: '2', etag: md5('2') });
});

test('an object that came through the S3 server is found, and removed with all that the server keeps of it', async () => {
  const table = await newTable('foreign');
  const Key = 'lake/foreign/data/left.parquet';
  await client.send(new PutObjectCommand({ Bucket: services.bucket, Key, Body: 'rows', Metadata: { by: 'a client' } }));
  const removed = await removeOrphanFiles(table, Date.parse('2100-01-01'));
  expect(removed).toEqual([`s3://${services.bucket}/${Key}`]);
  expect(await loadTable(table.store, table.location)).toEqual(table);
});

function newTable(name: string): Promise<Table> {
  const store = { folder: new ObjectFolder(services.s3Folder), now: () => Date.parse('2026-01-01') };
  return createObservations(store, `s3://${services.bucket}/lake/${name}`);
}

async function get({ location }: Table, name: string): Promise<{ text: string; etag: string | undefined }> {
  const Key = `${location}/${name}`.replace(`s3://${services.bucket}/`, '');
  const object = await client.send(new GetObjectCommand({ Bucket: services.bucket, Key }));
  return { text: await object.Body!.transformToString(), etag: object.ETag };
}

function md5(text: string): string {
  return `"${createHash('md5').update(text).digest('hex')}"`;
}
