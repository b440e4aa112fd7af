import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SnapshotNotFoundError } from '../../../local/iceberg/errors.ts';
import { expireSnapshots, removeOrphanFiles } from '../../../local/iceberg/expire-snapshots.ts';
import { planFiles } from '../../../local/iceberg/plan-files.ts';
import { loadTable, type Table } from '../../../local/iceberg/table.ts';
import { snapshotAsOf, snapshotById } from '../../../local/iceberg/table-metadata.ts';
import { appendFiles, overwriteFiles } from '../../../local/iceberg/write-files.ts';
import { newStore, type TestStore } from './copy-rows.ts';
import { appendBatch, createObservations, writeHollowFile } from './observations.ts';
import { readWithIcebird } from './read-with-icebird.ts';

const later = Date.parse('2100-01-01');

test('expired snapshots go with the files that only they read', async () => {
  await using store = await newStore();
  const { table, files } = await history(store);
  const next = await expireSnapshots(table, { olderThan: Date.parse('2026-01-04'), keepLast: 1 });
  expect(next.metadata.snapshots.map(({ 'sequence-number': number }) => number)).toEqual([3, 4]);
  expect(await dataFiles(next)).toEqual([files.b, files.c, files.d]);
  expect((await planFiles(next)).map(({ uri }) => uri)).toEqual([files.b, files.d]);
  const [third] = next.metadata.snapshots;
  expect((await planFiles(next, third)).map(({ uri }) => uri)).toEqual([files.b, files.c]);
  const gone = table.metadata.snapshots[0]!['snapshot-id'];
  expect(() => snapshotById(next.metadata, gone)).toThrow(SnapshotNotFoundError);
  expect(() => snapshotAsOf(next.metadata, Date.parse('2026-01-03'))).toThrow(SnapshotNotFoundError);
  expect(await removeOrphanFiles(next, later)).toEqual([]);
});

test('the current snapshot and the last ones asked for stay whatever their age', async () => {
  await using store = await newStore();
  const { table } = await history(store);
  const kept = async (keepLast: number) => {
    const { metadata } = await expireSnapshots(await loadTable(store, table.location), { olderThan: later, keepLast });
    return metadata.snapshots.map(({ 'sequence-number': number }) => number);
  };
  expect(await kept(3)).toEqual([2, 3, 4]);
  expect(await kept(0)).toEqual([4]);
});

test('nothing to expire makes no commit', async () => {
  await using store = await newStore();
  const { table } = await history(store);
  expect(await expireSnapshots(table, { olderThan: 0, keepLast: 1 })).toBe(table);
  const empty = await createObservations(store, 's3://bucket/lake/empty');
  expect(await expireSnapshots(empty, { olderThan: later, keepLast: 1 })).toBe(empty);
});

test('icebird reads the table after expiry as before', async () => {
  await using store = await newStore();
  let table = await createObservations(store);
  for (let batch = 0; batch < 3; batch++) table = await appendBatch(table, batch, batch * 10, 10);
  const rows = await readWithIcebird(table);
  const next = await expireSnapshots(table, { olderThan: later, keepLast: 1 });
  await removeOrphanFiles(next, later);
  expect(await readWithIcebird(next)).toEqual(rows);
  expect(rows).toHaveLength(30);
});

test('orphans go when they are old enough, and what is read never', async () => {
  await using store = await newStore();
  const { table } = await history(store);
  const [old, young] = [await writeHollowFile(table, 'old'), await writeHollowFile(table, 'young')];
  await utimes(store.folder.path(old.uri), 1000, 1000);
  const stray = join(dirname(store.folder.path(old.uri)), 'copy.tmp', 'd.parquet');
  await mkdir(dirname(stray));
  await writeFile(stray, 'unfinished');
  await utimes(stray, 1000, 1000);
  expect(await removeOrphanFiles(table, 2_000_000)).toEqual([old.uri]);
  await expect(utimes(stray, 1000, 1000)).rejects.toThrow('ENOENT');
  expect(await removeOrphanFiles(table, later)).toEqual([young.uri]);
  expect(await loadTable(store, table.location)).toEqual(table);
  expect(await planFiles(table)).toHaveLength(2);
});

test('orphans are told by the latest state, however old the one at hand', async () => {
  await using store = await newStore();
  const stale = await createObservations(store);
  const file = await writeHollowFile(stale, 'a');
  const latest = await appendFiles(stale, [file]);
  expect(await removeOrphanFiles(stale, later)).toEqual([]);
  expect(await planFiles(latest)).toHaveLength(1);
  expect(await store.folder.exists(file.uri)).toBe(true);
});

test('metadata files that are out of the log are orphans', async () => {
  await using store = await newStore();
  let table = await createObservations(store);
  for (let commits = 0; commits < 103; commits++)
    table = await appendFiles(table, [await writeHollowFile(table, `f${commits}`)]);
  expect(table.metadata['metadata-log']).toHaveLength(100);
  const versions = [1, 2, 3].map(version => `${table.location}/metadata/v${version}.metadata.json`);
  expect((await removeOrphanFiles(table, later)).sort()).toEqual(versions);
  expect(await loadTable(store, table.location)).toEqual(table);
});

/** Four commits, a day apart from 2026-01-02 on: +a +b, −a, +c, −c +d. */
async function history(store: TestStore) {
  const created = await createObservations(store);
  const names = ['a', 'b', 'c', 'd'] as const;
  const [a, b, c, d] = await Promise.all(names.map(name => writeHollowFile(created, name)));
  store.setTime('2026-01-02T00:00:00Z');
  let table = await appendFiles(created, [a!, b!]);
  store.setTime('2026-01-03T00:00:00Z');
  table = await overwriteFiles(table, { deleted: [a!.uri], added: [] });
  store.setTime('2026-01-04T00:00:00Z');
  table = await appendFiles(table, [c!]);
  store.setTime('2026-01-05T00:00:00Z');
  table = await overwriteFiles(table, { deleted: [c!.uri], added: [d!] });
  return { table, files: { a: a!.uri, b: b!.uri, c: c!.uri, d: d!.uri } };
}

async function dataFiles({ store, location }: Table): Promise<string[]> {
  return (await store.folder.list(`${location}/data`)).map(({ uri }) => uri).sort();
}
