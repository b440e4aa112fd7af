import type { PlannedFile } from '../../../local/iceberg/data-file.ts';
import { CommitConflictError, InvalidDataFileError, SnapshotNotFoundError } from '../../../local/iceberg/errors.ts';
import { planFiles } from '../../../local/iceberg/plan-files.ts';
import { readManifestList } from '../../../local/iceberg/read-manifests.ts';
import { loadTable, type Table } from '../../../local/iceberg/table.ts';
import { currentSnapshot, snapshotAsOf, snapshotById } from '../../../local/iceberg/table-metadata.ts';
import { appendFiles, overwriteFiles, replaceFiles } from '../../../local/iceberg/write-files.ts';
import { copyRows, newStore, query } from './copy-rows.ts';
import { appendBatch, batchSelect, createObservations, writeHollowFile } from './observations.ts';
import { readWithIcebird } from './read-with-icebird.ts';

test('icebird reads what was appended, at the current and at every older snapshot', async () => {
  await using store = await newStore();
  let table = await createObservations(store);
  for (let batch = 0; batch < 4; batch++) table = await appendBatch(table, batch + 1, batch * 25, 25);
  const all = await query(batchSelect(1, 0, 100));
  for (const [index, snapshot] of table.metadata.snapshots.entries()) {
    const rows = await readWithIcebird(table, snapshot['snapshot-id']);
    expect(rows.map(row => row.observation_id)).toEqual(all.slice(0, (index + 1) * 25).map(row => row.observation_id));
  }
  const rows = await readWithIcebird(table);
  expect(rows[59]).toEqual({
    observation_id: 'o59',
    event_time: new Date('2026-03-01'),
    ingest_seq: 3n,
    age: null,
    score: 14.75,
    contacted: false,
  });
});

test('a snapshot tells what was added and what the table holds', async () => {
  await using store = await newStore();
  let table = await appendBatch(await createObservations(store), 1, 0, 40);
  table = await appendFiles(table, [await writeHollowFile(table, 'more', 672, 5)], { 'query-id': 'q-1' });
  expect(currentSnapshot(table.metadata)).toMatchObject({
    'parent-snapshot-id': table.metadata.snapshots[0]?.['snapshot-id'],
    'sequence-number': 2,
    'schema-id': 0,
    summary: {
      operation: 'append',
      'query-id': 'q-1',
      'added-data-files': '1',
      'added-records': '5',
      'added-files-size': '4',
      'changed-partition-count': '1',
      'total-data-files': '3',
      'total-records': '45',
    },
  });
  expect(currentSnapshot(table.metadata)?.['snapshot-id']).toBeGreaterThanOrEqual(2n ** 61n);
});

test('files carry their partition, their bounds and the commit that added them', async () => {
  await using store = await newStore();
  const table = await appendBatch(await createObservations(store), 1, 0, 40);
  const [january, february] = await planFiles(table);
  expect(february?.partition).toEqual({ event_time_month: 673 });
  expect(january).toMatchObject({ recordCount: 31, specId: 0, sequenceNumber: 1, fileSequenceNumber: 1 });
  expect(january?.addedSnapshotId).toBe(table.metadata['current-snapshot-id']);
  expect(january?.bounds).toEqual(
    new Map([
      [2, { lower: micros('2026-01-01'), upper: micros('2026-01-31') }],
      [3, { lower: 1n, upper: 1n }],
      [4, { lower: 20n, upper: 50n }],
    ]),
  );
  expect(january?.nullValueCounts?.get(4)).toBe(6);
  expect(january?.valueCounts?.get(4)).toBe(31);
});

test('an append leaves the manifests before it untouched', async () => {
  await using store = await newStore();
  const first = await appendBatch(await createObservations(store), 1, 0, 10);
  const second = await appendBatch(first, 2, 10, 10);
  const before = await readManifestList(store.folder, currentSnapshot(first.metadata)!);
  const after = await readManifestList(store.folder, currentSnapshot(second.metadata)!);
  expect(after.slice(0, 1)).toEqual(before);
  expect(after).toHaveLength(2);
});

test('after a hundred appends the manifests are joined, and every file keeps its commit', async () => {
  await using store = await newStore();
  let table = await createObservations(store);
  for (let batch = 1; batch <= 102; batch++)
    table = await appendFiles(table, [await writeHollowFile(table, `f${batch}`)]);
  const files = await planFiles(table);
  expect(files.map(file => file.sequenceNumber)).toEqual(Array.from({ length: 102 }, (_, index) => index + 1));
  expect(files.map(file => file.addedSnapshotId)).toEqual(table.metadata.snapshots.map(({ 'snapshot-id': id }) => id));
  const manifests = await readManifestList(store.folder, currentSnapshot(table.metadata)!);
  expect(manifests.map(({ existingFiles, minSequenceNumber }) => [existingFiles, minSequenceNumber])).toEqual([
    [100, 1],
    [0, 101],
    [0, 102],
  ]);
});

test('icebird reads rewritten rows at the new snapshot and the old ones at the old', async () => {
  await using store = await newStore();
  const before = await appendBatch(await appendBatch(await createObservations(store), 1, 0, 40), 2, 40, 10);
  const touched = (await planFiles(before))[1]!;
  const added = await copyRows(before, `SELECT * REPLACE (99::INTEGER AS age) FROM read_parquet('${touched.path}')`);
  const after = await overwriteFiles(before, { deleted: [touched.uri], added });
  expect(currentSnapshot(after.metadata)?.summary).toMatchObject({
    operation: 'overwrite',
    'added-records': '9',
    'deleted-records': '9',
    'deleted-data-files': '1',
    'total-records': '50',
  });
  const ages = async (id?: bigint) => (await readWithIcebird(after, id)).filter(row => row.age === 99).length;
  expect(await ages()).toBe(9);
  expect(await ages(before.metadata['current-snapshot-id'])).toBe(0);
  expect(await readWithIcebird(after)).toHaveLength(50);
});

test('a rewritten manifest keeps the numbers of the files that stay, and tells of the deleted one once', async () => {
  await using store = await newStore();
  let table = await createObservations(store);
  const files = [
    await writeHollowFile(table, 'a'),
    await writeHollowFile(table, 'b'),
    await writeHollowFile(table, 'c'),
  ];
  table = await appendFiles(table, files);
  const added = table.metadata['current-snapshot-id'];
  table = await overwriteFiles(table, { deleted: [files[0]!.uri], added: [] });
  expect(currentSnapshot(table.metadata)?.summary.operation).toBe('delete');
  expect((await planFiles(table)).map(numbers)).toEqual([
    [files[1]!.uri, 1, 1, added],
    [files[2]!.uri, 1, 1, added],
  ]);
  expect(await counts(table)).toEqual([[0, 2, 1]]);
  table = await overwriteFiles(table, { deleted: [files[1]!.uri, files[2]!.uri], added: [] });
  expect(await planFiles(table)).toEqual([]);
  expect(await counts(table)).toEqual([[0, 0, 2]]);
  table = await appendFiles(table, [await writeHollowFile(table, 'd')]);
  expect(await counts(table)).toEqual([[1, 0, 0]]);
});

test('compaction replaces files by one that has the same rows', async () => {
  await using store = await newStore();
  const before = await appendBatch(await appendBatch(await createObservations(store), 1, 0, 10), 2, 10, 10);
  const small = await planFiles(before);
  const paths = small.map(({ path }) => `'${path}'`).join(', ');
  const added = await copyRows(before, `SELECT * FROM read_parquet([${paths}])`);
  const after = await replaceFiles(before, { deleted: small.map(({ uri }) => uri), added });
  expect(currentSnapshot(after.metadata)?.summary).toMatchObject({ operation: 'replace', 'total-data-files': '1' });
  expect(await readWithIcebird(after)).toEqual(await readWithIcebird(before));
  const lost = { deleted: [added[0]!.uri], added: [await writeHollowFile(after, 'lost')] };
  await expect(replaceFiles(after, lost)).rejects.toThrow('they had 20 rows, the new ones have 1');
});

test('no change makes no commit', async () => {
  await using store = await newStore();
  const table = await createObservations(store);
  expect(await appendFiles(table, [])).toBe(table);
  expect(await overwriteFiles(table, { deleted: [], added: [] })).toBe(table);
  expect((await loadTable(store, table.location)).version).toBe(1);
});

test('of two appends at once one wins, and the other fails with a conflict and can be done again', async () => {
  await using store = await newStore();
  const table = await createObservations(store);
  const files = [await copyRows(table, batchSelect(1, 0, 10)), await copyRows(table, batchSelect(2, 10, 10))];
  const results = await Promise.allSettled(files.map(added => appendFiles(table, added)));
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const loser = results.findIndex(({ status }) => status === 'rejected');
  expect((results[loser] as PromiseRejectedResult).reason).toBeInstanceOf(CommitConflictError);
  const latest = await loadTable(store, table.location);
  expect(await readWithIcebird(latest)).toHaveLength(10);
  expect(await metadataObjects(latest)).toHaveLength(5);
  const both = await appendFiles(latest, files[loser]!);
  expect(await readWithIcebird(both)).toHaveLength(20);
});

test('a writer that stood still while the version it knew was cleaned up does not commit into the past', async () => {
  await using store = await newStore();
  const stale = await createObservations(store);
  const second = await appendFiles(stale, [await writeHollowFile(stale, 'a')]);
  await appendFiles(second, [await writeHollowFile(second, 'b')]);
  for (const { metadataUri } of [stale, second]) await store.folder.remove(metadataUri);
  await expect(appendFiles(stale, [await writeHollowFile(stale, 'c')])).rejects.toThrow(CommitConflictError);
});

test('time travel finds the snapshot of an instant and of an id', async () => {
  await using store = await newStore();
  store.setTime('2026-02-01T00:00:00Z');
  let table = await createObservations(store);
  for (const day of ['2026-02-02', '2026-02-03']) {
    store.setTime(`${day}T00:00:00Z`);
    table = await appendFiles(table, [await writeHollowFile(table, day)]);
  }
  const { metadata } = table;
  const [first, second] = metadata.snapshots;
  expect(snapshotAsOf(metadata, Date.parse('2026-02-02T00:00:00Z'))).toBe(first);
  expect(snapshotAsOf(metadata, Date.parse('2026-02-02T23:59:59Z'))).toBe(first);
  expect(snapshotAsOf(metadata, Date.parse('2026-03-01T00:00:00Z'))).toBe(second);
  expect(await planFiles(table, snapshotById(metadata, first!['snapshot-id']))).toHaveLength(1);
  expect(() => snapshotAsOf(metadata, Date.parse('2026-02-01T23:59:59Z'))).toThrow(SnapshotNotFoundError);
  expect(() => snapshotById(metadata, 1n)).toThrow('has no snapshot 1');
});

test.each([
  ['lies outside', { uri: 's3://bucket/lake/demo/other/a.parquet' }],
  ['has no rows', { recordCount: 0 }],
  ['has other bytes', { fileSizeInBytes: 7 }],
  ['is not there', { uri: 's3://bucket/lake/demo/observations/data/gone.parquet' }],
  ['has no partition', { partition: {} }],
  ['has another partition', { partition: { event_time_month: 672, day: 1 } }],
  ['has a partition of another type', { partition: { event_time_month: '672' } }],
  ['has bounds of a string', { bounds: new Map([[1, { lower: 1n, upper: 1n }]]) }],
  ['has bounds of no column', { bounds: new Map([[77, { lower: 1n, upper: 1n }]]) }],
  ['has crossed bounds', { bounds: new Map([[3, { lower: 2n, upper: 1n }]]) }],
])('a file that %s is refused, and nothing is committed', async (_, wrong) => {
  await using store = await newStore();
  const table = await createObservations(store);
  const file = { ...(await writeHollowFile(table, 'a')), ...wrong };
  await expect(appendFiles(table, [file])).rejects.toThrow(InvalidDataFileError);
  expect((await loadTable(store, table.location)).version).toBe(1);
});

test('deleting a file that is not live, or changing one file twice, is refused', async () => {
  await using store = await newStore();
  const table = await createObservations(store);
  const file = await writeHollowFile(table, 'a');
  await expect(overwriteFiles(table, { deleted: [file.uri], added: [] })).rejects.toThrow('the table does not read it');
  await expect(appendFiles(table, [file, file])).rejects.toThrow('is given twice');
});

function micros(date: string): bigint {
  return BigInt(Date.parse(date)) * 1000n;
}

function numbers(file: PlannedFile): unknown[] {
  return [file.uri, file.sequenceNumber, file.fileSequenceNumber, file.addedSnapshotId];
}

/** Added, existing and deleted files of each manifest. */
async function counts({ store, metadata }: Table): Promise<number[][]> {
  const manifests = await readManifestList(store.folder, currentSnapshot(metadata)!);
  return manifests.map(({ addedFiles, existingFiles, deletedFiles }) => [addedFiles, existingFiles, deletedFiles]);
}

async function metadataObjects({ store, location }: Table): Promise<string[]> {
  return (await store.folder.list(`${location}/metadata`)).map(({ uri }) => uri);
}
