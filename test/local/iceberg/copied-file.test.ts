import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adoptCopiedFile, type CopiedFile, parquetIdentity } from '../../../local/iceberg/copied-file.ts';
import { InvalidDataFileError } from '../../../local/iceberg/errors.ts';
import { createTable, type Table } from '../../../local/iceberg/table.ts';
import { copyRows, newStore, query, type TestStore } from './copy-rows.ts';
import { createObservations } from './observations.ts';

test('a copied file moves into the folder of its partition', async () => {
  await using store = await newStore();
  const table = await createObservations(store);
  const select = `SELECT 'o' AS observation_id, TIMESTAMP '2026-03-04 05:06:07.089' AS event_time, 1::BIGINT AS ingest_seq,
    NULL::INTEGER AS age, 'NaN'::DOUBLE AS score, true AS contacted`;
  const [file] = await copyRows(table, select);
  expect(file?.uri).toMatch(
    /^s3:\/\/bucket\/lake\/demo\/observations\/data\/event_time_month=2026-03\/d-[-0-9a-f]+\.parquet$/,
  );
  const instant = BigInt(Date.parse('2026-03-04T05:06:07.089Z')) * 1000n;
  expect(file).toMatchObject({
    partition: { event_time_month: 674 },
    recordCount: 1,
    fileSizeInBytes: await store.folder.size(file!.uri),
    bounds: new Map([
      [2, { lower: instant, upper: instant }],
      [3, { lower: 1n, upper: 1n }],
    ]),
  });
  expect((await store.folder.list(table.location)).filter(({ uri }) => uri.endsWith('.parquet'))).toHaveLength(1);
});

test('the Parquet file carries the field ids and the schema', async () => {
  await using store = await newStore();
  const table = await wideTable(store);
  const [file] = await copyRows(
    table,
    `SELECT 1.5::DECIMAL(9, 2) AS amount, DATE '2026-01-01' AS "day", 'x'::BLOB AS "odd name"`,
  );
  const path = store.folder.path(file!.uri);
  const columns = await query(`SELECT name, field_id FROM parquet_schema('${path}') WHERE field_id IS NOT NULL`);
  expect(Object.fromEntries(columns.map(({ name, field_id }) => [name, Number(field_id)]))).toEqual(
    parquetIdentity(table).fieldIds,
  );
  const [{ value } = {}] = await query(`SELECT decode(value) AS value FROM parquet_kv_metadata('${path}')`);
  expect(value).toBe(JSON.stringify(table.metadata.schemas[0]));
  expect([...(file?.bounds ?? [])].map(([id]) => id)).toEqual([2]);
  expect(file?.valueCounts?.get(3)).toBe(1);
});

test.each([
  ['is missing', null],
  ['is another one', [{ key: 'partition_1001', value: '1' }]],
  ['is of another type', [{ key: 'partition_1000', value: '2026-01' }]],
])('a file whose partition %s is refused', async (_, partition_keys) => {
  await using store = await newStore();
  const table = await createObservations(store);
  const filename = join(store.folder.root, 'd.parquet');
  await writeFile(filename, 'rows');
  const copied: CopiedFile = { filename, count: '1', file_size_bytes: '4', column_statistics: [], partition_keys };
  await expect(adoptCopiedFile(table, copied)).rejects.toThrow(InvalidDataFileError);
});

test('bounds that are no finite values are left out', async () => {
  await using store = await newStore();
  const table = await createTable(store, {
    location: 's3://bucket/lake/times',
    columns: [
      { name: 'd', type: 'date' },
      { name: 't', type: 'timestamp' },
    ],
  });
  const [file] = await copyRows(table, `SELECT 'infinity'::DATE AS d, '-infinity'::TIMESTAMP AS t`);
  expect(file?.bounds).toEqual(new Map());
});

function wideTable(store: TestStore): Promise<Table> {
  return createTable(store, {
    location: 's3://bucket/lake/wide',
    columns: [
      { name: 'amount', type: 'decimal(9,2)' },
      { name: 'day', type: 'date' },
      { name: 'odd name', type: 'binary' },
    ],
  });
}
