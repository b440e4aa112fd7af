import { commit } from '../../../local/iceberg/commit.ts';
import { InvalidSchemaError, TableExistsError, TableNotFoundError } from '../../../local/iceberg/errors.ts';
import { createTable, dropTable, loadTable } from '../../../local/iceberg/table.ts';
import { newStore } from './copy-rows.ts';
import { createObservations } from './observations.ts';

const location = 's3://bucket/lake/demo/observations';

test('a created table is loaded as it was created, from its files alone', async () => {
  await using store = await newStore();
  const created = await createObservations(store);
  expect(await loadTable(store, `${location}/`)).toEqual(created);
  expect(created.metadataUri).toBe(`${location}/metadata/v1.metadata.json`);
  expect(created.metadata).toMatchObject({
    'format-version': 2,
    location,
    'current-snapshot-id': -1n,
    'last-column-id': 6,
    'last-partition-id': 1000,
    properties: { table_type: 'ICEBERG' },
  });
});

test('an unpartitioned table numbers its partition fields from 1000 on all the same', async () => {
  await using store = await newStore();
  const table = await createTable(store, { location, columns: [{ name: 'ID', type: 'int', comment: 'whom' }] });
  expect(table.metadata['last-partition-id']).toBe(999);
  expect(table.metadata.schemas[0]?.fields).toEqual([{ id: 1, name: 'id', required: false, type: 'int', doc: 'whom' }]);
});

test('of those who create one table at once exactly one succeeds', async () => {
  await using store = await newStore();
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => createObservations(store)));
  const failures = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []));
  expect(failures).toHaveLength(7);
  for (const failure of failures) expect(failure).toBeInstanceOf(TableExistsError);
  await expect(createObservations(store)).rejects.toThrow(TableExistsError);
});

test.each([
  ['no column', { columns: [] }],
  [
    'a column twice',
    {
      columns: [
        { name: 'a', type: 'int' },
        { name: 'A', type: 'int' },
      ],
    },
  ],
  ['an unknown type', { columns: [{ name: 'a', type: 'text' }] }],
  ['an unknown partition', { columns: [{ name: 'a', type: 'int' }], partitionedBy: ['b'] }],
])('a table with %s is refused, and nothing is written', async (_, definition) => {
  await using store = await newStore();
  await expect(createTable(store, { location, ...definition })).rejects.toThrow(InvalidSchemaError);
  expect(await store.folder.list(location)).toEqual([]);
});

test('a location without a table has none', async () => {
  await using store = await newStore();
  await expect(loadTable(store, location)).rejects.toThrow(TableNotFoundError);
});

test.each([
  ['lags', '1'],
  ['is ahead', '9'],
  ['is damaged', 'v?'],
  ['is empty', ''],
])('the latest version is found when the hint %s', async (_, hint) => {
  await using store = await newStore();
  let table = await createObservations(store);
  for (let commits = 0; commits < 3; commits++) table = await commit(table, table.metadata);
  await store.folder.write(`${location}/metadata/version-hint.text`, hint);
  expect(await loadTable(store, location)).toEqual(table);
  await store.folder.remove(`${location}/metadata/version-hint.text`);
  expect((await loadTable(store, location)).version).toBe(4);
});

test('a hint that cannot be written undoes no commit', async () => {
  await using store = await newStore();
  const table = await createObservations(store);
  store.folder.write = () => Promise.reject(new Error('disk full'));
  expect((await commit(table, table.metadata)).version).toBe(2);
  expect((await loadTable(store, location)).version).toBe(2);
});

test('a dropped table leaves nothing, and dropping again is fine', async () => {
  await using store = await newStore();
  await createObservations(store);
  await dropTable(store, location);
  await dropTable(store, location);
  expect(await store.folder.list('s3://bucket/lake')).toEqual([]);
  await expect(loadTable(store, location)).rejects.toThrow(TableNotFoundError);
  expect((await createObservations(store)).version).toBe(1);
});

test('instants of commits rise even when the clock stands or goes back', async () => {
  await using store = await newStore();
  const first = await createObservations(store);
  const second = await commit(first, first.metadata);
  store.setTime('2025-01-01T00:00:00Z');
  const third = await commit(second, second.metadata);
  const [a, b, c] = [first, second, third].map(({ metadata }) => metadata['last-updated-ms']);
  expect([b! - a!, c! - b!]).toEqual([1, 1]);
});
