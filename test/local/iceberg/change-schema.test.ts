import { addColumns, changeColumn, dropColumn } from '../../../local/iceberg/change-schema.ts';
import { CommitConflictError, InvalidSchemaError } from '../../../local/iceberg/errors.ts';
import { planFiles } from '../../../local/iceberg/plan-files.ts';
import { createTable, loadTable, type Table } from '../../../local/iceberg/table.ts';
import { currentSchema, schemaOfSnapshot } from '../../../local/iceberg/table-metadata.ts';
import { appendFiles, overwriteFiles } from '../../../local/iceberg/write-files.ts';
import { copyRows, newStore } from './copy-rows.ts';
import { appendBatch, batchSelect, createObservations } from './observations.ts';
import { readWithIcebird } from './read-with-icebird.ts';

test('rows from before a column was added read NULL in it, and an older snapshot has no such column', async () => {
  await using store = await newStore();
  const before = await appendBatch(await createObservations(store), 1, 0, 5);
  const added = await addColumns(before, [{ name: 'Label', type: 'int', comment: 'the outcome' }]);
  expect(added.metadata.snapshots).toEqual(before.metadata.snapshots);
  const select = `SELECT *, 1::INTEGER AS label FROM (${batchSelect(2, 5, 3)})`;
  const after = await appendFiles(added, await copyRows(added, select));
  expect((await readWithIcebird(after)).map(row => row.label ?? null)).toEqual([null, null, null, null, null, 1, 1, 1]);
  const old = await readWithIcebird(after, before.metadata['current-snapshot-id']);
  expect(old).toHaveLength(5);
  expect(Object.keys(old[0]!)).not.toContain('label');
  const [first, second] = after.metadata.snapshots.map(snapshot => schemaOfSnapshot(after.metadata, snapshot));
  expect([first!.fields.length, second!.fields.length]).toEqual([6, 7]);
});

test('a renamed and widened column reads the values of its old name', async () => {
  await using store = await newStore();
  const before = await appendBatch(await createObservations(store), 1, 0, 3);
  const renamed = await changeColumn(before, 'AGE', { name: 'Years', type: 'bigint' });
  expect(fieldsOf(renamed)).toContainEqual({ id: 4, name: 'years', required: false, type: 'long' });
  expect((await readWithIcebird(renamed)).map(row => row.years)).toEqual([20, 21, 22]);
  const select = `SELECT * EXCLUDE age, 10000000000 + age AS years FROM (${batchSelect(2, 3, 1)})`;
  const after = await appendFiles(renamed, await copyRows(renamed, select));
  expect((await planFiles(after)).map(file => file.bounds?.get(4)?.upper)).toEqual([22n, 10_000_000_023n]);
});

test('bounds of a widened column survive a rewrite of their manifest', async () => {
  await using store = await newStore();
  let table = await appendBatch(await createObservations(store), 1, 0, 40);
  table = await changeColumn(table, 'age', { type: 'bigint' });
  const [january, february] = await planFiles(table);
  table = await overwriteFiles(table, { deleted: [january!.uri], added: [] });
  expect((await planFiles(table))[0]?.bounds).toEqual(february?.bounds);
});

test('a column added under the name of a dropped one is another column', async () => {
  await using store = await newStore();
  let table = await appendBatch(await createObservations(store), 1, 0, 3);
  table = await dropColumn(table, 'age');
  expect(Object.keys((await readWithIcebird(table))[0]!)).not.toContain('age');
  table = await addColumns(table, [{ name: 'age', type: 'int' }]);
  expect(fieldsOf(table).find(({ name }) => name === 'age')?.id).toBe(7);
  expect((await readWithIcebird(table)).map(row => row.age ?? null)).toEqual([null, null, null]);
});

test.each<[string, (table: Table) => Promise<Table>, string]>([
  ['adding a column that is there', table => addColumns(table, [{ name: 'AGE', type: 'int' }]), 'has a column "age"'],
  ['adding a column of an unknown type', table => addColumns(table, [{ name: 'x', type: 'text' }]), '"text"'],
  ['renaming to a name that is there', table => changeColumn(table, 'age', { name: 'score' }), 'has a column "score"'],
  ['changing a column that is not there', table => changeColumn(table, 'x', { type: 'int' }), 'has no column "x"'],
  ['narrowing a column', table => changeColumn(table, 'ingest_seq', { type: 'int' }), 'from bigint to int'],
  ['dropping a column that is not there', table => dropColumn(table, 'x'), 'has no column "x"'],
  ['dropping the column of a partition', table => dropColumn(table, 'event_time'), 'partition "event_time_month"'],
])('%s is refused, and nothing is committed', async (_, act, reason) => {
  await using store = await newStore();
  const table = await createObservations(store);
  await expect(act(table)).rejects.toThrow(InvalidSchemaError);
  await expect(act(table)).rejects.toThrow(reason);
  expect((await loadTable(store, table.location)).version).toBe(1);
});

test('the last column stays', async () => {
  await using store = await newStore();
  const table = await createTable(store, { location: 's3://bucket/t', columns: [{ name: 'a', type: 'int' }] });
  await expect(dropColumn(table, 'a')).rejects.toThrow('it is the only one');
});

test('of a schema change and an append at once one wins', async () => {
  await using store = await newStore();
  const table = await createObservations(store);
  const files = await copyRows(table, batchSelect(1, 0, 2));
  const results = await Promise.allSettled([
    appendFiles(table, files),
    addColumns(table, [{ name: 'x', type: 'int' }]),
  ]);
  const failures = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []));
  expect(failures).toEqual([expect.any(CommitConflictError)]);
});

function fieldsOf({ metadata }: Table) {
  return currentSchema(metadata).fields;
}
