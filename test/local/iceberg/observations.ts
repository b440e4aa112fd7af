import type { DataFile } from '../../../local/iceberg/data-file.ts';
import { createTable, type Table, type TableStore } from '../../../local/iceberg/table.ts';
import { appendFiles } from '../../../local/iceberg/write-files.ts';
import { copyRows } from './copy-rows.ts';

/** A small table as the project has them: by month of the event. */
export function createObservations(
  store: TableStore,
  location = 's3://bucket/lake/demo/observations/',
): Promise<Table> {
  return createTable(store, {
    location,
    columns: [
      { name: 'observation_id', type: 'string' },
      { name: 'event_time', type: 'timestamp' },
      { name: 'ingest_seq', type: 'bigint' },
      { name: 'age', type: 'int' },
      { name: 'score', type: 'double' },
      { name: 'contacted', type: 'boolean' },
    ],
    partitionedBy: ['month(event_time)'],
    properties: { table_type: 'ICEBERG' },
  });
}

/** The SELECT of a batch: observations `first` … `first + count − 1`, one a day from 2026-01-01 on. */
export function batchSelect(ingestSeq: number, first: number, count: number): string {
  return `SELECT 'o' || i AS observation_id, TIMESTAMP '2026-01-01 00:00:00' + to_days(i::INTEGER) AS event_time,
    ${ingestSeq}::BIGINT AS ingest_seq, CASE WHEN i % 5 = 4 THEN NULL ELSE (20 + i)::INTEGER END AS age, i / 4 AS score, i % 2 = 0 AS contacted
    FROM range(${first}, ${first + count}) AS rows(i)`;
}

/** Appends a batch of rows. */
export async function appendBatch(table: Table, ingestSeq: number, first: number, count: number): Promise<Table> {
  return appendFiles(table, await copyRows(table, batchSelect(ingestSeq, first, count)));
}

/** A file of the table with nothing of Parquet in it, for tests of metadata alone. */
export async function writeHollowFile(table: Table, name: string, month = 672, recordCount = 1): Promise<DataFile> {
  const uri = `${table.location}/data/${name}.parquet`;
  await table.store.folder.write(uri, name);
  return { uri, partition: { event_time_month: month }, recordCount, fileSizeInBytes: name.length };
}
