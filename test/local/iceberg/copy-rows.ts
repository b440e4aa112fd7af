import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  adoptCopiedFile,
  type CopiedFile,
  newCopyFolder,
  parquetIdentity,
} from '../../../local/iceberg/copied-file.ts';
import type { DataFile } from '../../../local/iceberg/data-file.ts';
import { ObjectFolder } from '../../../local/iceberg/object-folder.ts';
import { type PartitionColumn, partitionColumns } from '../../../local/iceberg/partitioning.ts';
import type { Table, TableStore } from '../../../local/iceberg/table.ts';
import { currentSchema, currentSpec } from '../../../local/iceberg/table-metadata.ts';

/** A store in a folder of its own, whose clock stands until it is set. */
export interface TestStore extends TableStore {
  setTime(iso: string): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function newStore(): Promise<TestStore> {
  const root = await mkdtemp(join(tmpdir(), 'iceberg-'));
  let now = Date.parse('2026-01-01T00:00:00Z');
  return {
    folder: new ObjectFolder(root),
    now: () => now,
    setTime(iso) {
      now = Date.parse(iso);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

let connection: Promise<DuckDBConnection> | undefined;

/** Runs a query on a DuckDB that keeps nothing. */
export async function query(sql: string): Promise<Record<string, unknown>[]> {
  connection ??= DuckDBInstance.create().then(instance => instance.connect());
  return (await (await connection).runAndReadAll(sql)).getRowObjectsJson();
}

/** Writes the rows of a SELECT, which has the table's columns, into Parquet files of the table. */
export async function copyRows(table: Table, select: string): Promise<DataFile[]> {
  const schema = currentSchema(table.metadata);
  const columns = partitionColumns(currentSpec(table.metadata), schema);
  const keys = columns.map(column => `${partitionSql(column)} AS partition_${column.fieldId}`);
  const { fieldIds, icebergSchema } = parquetIdentity(table);
  const folder = newCopyFolder(table);
  await mkdir(folder, { recursive: true });
  const by =
    columns.length > 0 ? `, PARTITION_BY (${columns.map(({ fieldId }) => `partition_${fieldId}`).join(', ')})` : '';
  const target = columns.length > 0 ? folder : join(folder, `d-${crypto.randomUUID()}.parquet`);
  const copied = await query(`
    COPY (SELECT ${['*', ...keys].join(', ')} FROM (${select})) TO '${target}'
    (FORMAT parquet, COMPRESSION zstd, FIELD_IDS ${JSON.stringify(fieldIds).replaceAll('"', "'")},
     KV_METADATA {'iceberg.schema': '${icebergSchema}'}${by}, ${columns.length > 0 ? "FILENAME_PATTERN 'd-{uuid}', OVERWRITE_OR_IGNORE true," : ''} RETURN_STATS true)`);
  const files = await Promise.all(copied.map(file => adoptCopiedFile(table, file as unknown as CopiedFile)));
  await rm(folder, { recursive: true });
  return files;
}

function partitionSql({ transform, width, source }: PartitionColumn): string {
  if (transform === 'month') return `date_diff('month', DATE '1970-01-01', "${source.name}")`;
  if (transform === 'day') return `CAST("${source.name}" AS DATE)`;
  if (transform === 'truncate') return `left("${source.name}", ${width})`;
  if (transform === 'identity') return `"${source.name}"`;
  throw new RangeError(`The tests write no ${transform} partitions`);
}
