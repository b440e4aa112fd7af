import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectExistsError } from '../../../local/iceberg/object-folder.ts';
import { newStore } from './copy-rows.ts';

const uri = 's3://bucket/lake/table/data/a.parquet';

test('an object lies where the local S3 server looks for it', async () => {
  await using store = await newStore();
  await store.folder.write(uri, 'bytes');
  const file = join(store.folder.root, 'bucket/lake/table/data/a.parquet._S3rver_object');
  expect(store.folder.path(uri)).toBe(file);
  expect(await readFile(file, 'utf8')).toBe('bytes');
});

test('reading an object that is not there gives undefined', async () => {
  await using store = await newStore();
  expect(await store.folder.read(uri)).toBeUndefined();
  expect(await store.folder.size(uri)).toBeUndefined();
  expect(await store.folder.exists(uri)).toBe(false);
  expect(await store.folder.list('s3://bucket/lake')).toEqual([]);
  await store.folder.remove(uri);
});

test('overwriting and removing take the digest and the headers of the old object along', async () => {
  await using store = await newStore();
  const companions = [`${store.folder.path(uri)}.md5`, store.folder.path(uri).replace('_object', '_metadata.json')];
  for (const act of [() => store.folder.write(uri, 'new'), () => store.folder.remove(uri)]) {
    await store.folder.write(uri, 'old');
    for (const file of companions) await writeFile(file, 'stale');
    await act();
    expect((await readdir(join(store.folder.path(uri), '..'))).filter(name => /md5|json/.test(name))).toEqual([]);
  }
});

test('of many who create one object at once exactly one succeeds, and its bytes stay', async () => {
  await using store = await newStore();
  const attempts = Array.from({ length: 16 }, (_, writer) => store.folder.create(uri, `${writer}`));
  const results = await Promise.allSettled(attempts);
  const winners = results.flatMap(({ status }, writer) => (status === 'fulfilled' ? [`${writer}`] : []));
  expect(winners).toEqual([(await store.folder.read(uri))?.toString()]);
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ObjectExistsError);
  expect(await readdir(join(store.folder.path(uri), '..'))).toEqual(['a.parquet._S3rver_object']);
});

test.each(['s3://bucket', 's3://bucket/', 's3://../etc/passwd', 's3://bucket/../other/key', 's3a://bucket/key', 'key'])(
  'an address that is none is refused: %s',
  async address => {
    await using store = await newStore();
    await expect(async () => store.folder.read(address)).rejects.toThrow(RangeError);
  },
);

test('listing finds objects only, with their sizes', async () => {
  await using store = await newStore();
  await store.folder.write(uri, 'bytes');
  await store.folder.write('s3://bucket/lake/table2/b', 'elsewhere');
  await writeFile(`${store.folder.path(uri)}.md5`, 'digest');
  const objects = await store.folder.list('s3://bucket/lake/table/');
  expect(objects.map(object => [object.uri, object.size])).toEqual([[uri, 5]]);
});

test('what a crashed writer left goes, if it is old enough', async () => {
  await using store = await newStore();
  await store.folder.write(uri, 'bytes');
  const folder = join(store.folder.path(uri), '../copy.tmp');
  await mkdir(folder);
  for (const name of ['old', 'young']) await writeFile(join(folder, name), name);
  await utimes(join(folder, 'old'), 1000, 1000);
  await store.folder.removeStrays('s3://bucket/lake/table', 2_000_000);
  expect(await readdir(folder)).toEqual(['young']);
  expect(await store.folder.exists(uri)).toBe(true);
});
