import {
  listFiles,
  listHistory,
  listManifests,
  listPartitions,
  listRefs,
  listSnapshots,
} from '../../../local/iceberg/metadata-tables.ts';
import { createTable } from '../../../local/iceberg/table.ts';
import { appendFiles } from '../../../local/iceberg/write-files.ts';
import { copyRows, newStore, type TestStore } from './copy-rows.ts';
import { appendBatch, createObservations, writeHollowFile } from './observations.ts';

test('snapshots and history tell of every commit', async () => {
  await using store = await newStore();
  const table = await twoBatches(store);
  const [first, second] = table.metadata.snapshots.map(({ 'snapshot-id': id }) => id);
  expect(listSnapshots(table)).toMatchObject([
    { committed_at: Date.parse('2026-02-01'), snapshot_id: first, parent_id: null, operation: 'append' },
    { committed_at: Date.parse('2026-02-02'), snapshot_id: second, parent_id: first, operation: 'append' },
  ]);
  expect(listSnapshots(table)[1]?.summary).toMatchObject({ 'added-records': '9', 'total-records': '40' });
  expect(listSnapshots(table)[1]?.summary).not.toHaveProperty('operation');
  expect(listHistory(table)).toEqual([
    { made_current_at: Date.parse('2026-02-01'), snapshot_id: first, parent_id: null, is_current_ancestor: true },
    { made_current_at: Date.parse('2026-02-02'), snapshot_id: second, parent_id: first, is_current_ancestor: true },
  ]);
  expect(listRefs(table)).toEqual([{ name: 'main', type: 'BRANCH', snapshot_id: second }]);
});

test('files show their bounds as text', async () => {
  await using store = await newStore();
  const [january] = await listFiles(await twoBatches(store));
  expect(january).toMatchObject({ content: 0, file_format: 'PARQUET', record_count: 31 });
  expect(january?.lower_bounds).toEqual(
    new Map([
      [2, '2026-01-01T00:00:00.000000'],
      [3, '1'],
      [4, '20'],
    ]),
  );
  expect(january?.upper_bounds.get(2)).toBe('2026-01-31T00:00:00.000000');
  expect(january?.null_value_counts.get(4)).toBe(6);
});

test('partitions add up their files, and manifests say which partitions they hold', async () => {
  await using store = await newStore();
  const table = await twoBatches(store);
  expect(await listPartitions(table)).toMatchObject([
    { partition: { event_time_month: '2026-01' }, record_count: 31, file_count: 1 },
    { partition: { event_time_month: '2026-02' }, record_count: 9, file_count: 1 },
  ]);
  const summary = { contains_null: false, contains_nan: false };
  expect(await listManifests(table)).toMatchObject([
    {
      partition_spec_id: 0,
      added_data_files_count: 1,
      added_rows_count: 31,
      existing_data_files_count: 0,
      deleted_data_files_count: 0,
      partition_summaries: [{ ...summary, lower_bound: '2026-01', upper_bound: '2026-01' }],
    },
    { added_rows_count: 9, partition_summaries: [{ ...summary, lower_bound: '2026-02', upper_bound: '2026-02' }] },
  ]);
});

test('a partition of NULL is shown as such', async () => {
  await using store = await newStore();
  let table = await createTable(store, {
    location: 's3://bucket/lake/events',
    columns: [
      { name: 'kind', type: 'string' },
      { name: 'at', type: 'timestamp' },
    ],
    partitionedBy: ['kind', 'day(at)'],
  });
  const rows = `VALUES ('a/b é', TIMESTAMP '1969-12-31 23:59:59.999'), (NULL, TIMESTAMP '2026-05-06 07:08:09')`;
  table = await appendFiles(table, await copyRows(table, `SELECT * FROM (${rows}) AS rows(kind, "at")`));
  const partitions = (await listPartitions(table)).map(({ partition }) => partition);
  expect(partitions).toHaveLength(2);
  expect(partitions).toContainEqual({ kind: 'a/b é', at_day: '1969-12-31' });
  expect(partitions).toContainEqual({ kind: null, at_day: '2026-05-06' });
  expect((await listManifests(table))[0]?.partition_summaries).toEqual([
    { contains_null: true, contains_nan: false, lower_bound: null, upper_bound: null },
    { contains_null: false, contains_nan: false, lower_bound: '1969-12-31', upper_bound: '2026-05-06' },
  ]);
  expect((await listFiles(table)).map(file => file.lower_bounds.get(2)).sort()).toEqual([
    '1969-12-31T23:59:59.999000',
    '2026-05-06T07:08:09.000000',
  ]);
});

test('a table without a snapshot has empty metadata tables', async () => {
  await using store = await newStore();
  const table = await createObservations(store);
  expect([listSnapshots(table), listHistory(table), listRefs(table)]).toEqual([[], [], []]);
  expect(await Promise.all([listFiles(table), listManifests(table), listPartitions(table)])).toEqual([[], [], []]);
});

test('files without statistics have empty ones', async () => {
  await using store = await newStore();
  const table = await createObservations(store);
  const [file] = await listFiles(await appendFiles(table, [await writeHollowFile(table, 'a')]));
  expect(file).toMatchObject({ column_sizes: new Map(), lower_bounds: new Map(), nan_value_counts: new Map() });
});

/** 31 rows of January, then 9 of February. */
async function twoBatches(store: TestStore) {
  const table = await createObservations(store);
  store.setTime('2026-02-01T00:00:00Z');
  const first = await appendBatch(table, 1, 0, 31);
  store.setTime('2026-02-02T00:00:00Z');
  return appendBatch(first, 2, 31, 9);
}
