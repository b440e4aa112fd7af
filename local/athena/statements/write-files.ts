import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { adoptCopiedFile, type CopiedFile, parquetIdentity } from '../../iceberg/copied-file.ts';
import type { DataFile } from '../../iceberg/data-file.ts';
import { type PartitionColumn, partitionColumns } from '../../iceberg/partitioning.ts';
import type { Table } from '../../iceberg/table.ts';
import { currentSchema, currentSpec } from '../../iceberg/table-metadata.ts';
import { QueryError } from '../query-error.ts';
import { columnsOf } from '../sources/iceberg-source.ts';
import { duckType } from '../sql/trino-type.ts';
import { quoteName, quoteText } from '../sql/typed-sql.ts';
import { copyFiles } from './duck-sql.ts';
import type { Execution } from './execution.ts';

/** Athena's limit of partitions that one statement writes. */
const maximumPartitions = 100;

/**
 * Writes rows as Parquet files of an Iceberg table, one a partition.
 *
 * @param rows DuckDB's query with columns `c0`, `c1` … in the order and of the types of the table's schema
 * @returns files ready for a commit; none when there are no rows
 * @throws {QueryError} `ICEBERG_TOO_MANY_OPEN_PARTITIONS`
 */
export async function writeTableFiles(table: Table, rows: string, execution: Execution): Promise<DataFile[]> {
  const copied = await copyFiles(execution.connection, await copyStatement(table, rows, execution.temporaryFolder));
  const written = copied.filter(({ count }) => count !== '0');
  if (distinctPartitions(written) > maximumPartitions) {
    throw new QueryError(
      'ICEBERG_TOO_MANY_OPEN_PARTITIONS',
      `Exceeded limit of ${maximumPartitions} open writers for partitions`,
    );
  }
  const files: DataFile[] = [];
  for (const file of written) files.push(await adoptCopiedFile(table, file));
  return files;
}

async function copyStatement(table: Table, rows: string, temporaryFolder: string): Promise<string> {
  const { fieldIds, icebergSchema } = parquetIdentity(table);
  const schema = currentSchema(table.metadata);
  const partitions = partitionColumns(currentSpec(table.metadata), schema);
  const columns = columnsOf(schema);
  const values = columns.map(
    ({ name, type }, index) => `${stored(`written.c${index}`, duckType(type))} AS ${quoteName(name)}`,
  );
  const keys = partitions.map(partition => {
    const index = columns.findIndex(({ id }) => id === partition.source.id);
    return `${partitionValue(partition, stored(`written.c${index}`, duckType(columns[index]!.type)))} AS ${partitionName(partition)}`;
  });
  const ids = Object.entries(fieldIds).map(([name, id]) => `${quoteName(name)}: ${id}`);
  const options = [
    'FORMAT parquet',
    'COMPRESSION zstd',
    `FIELD_IDS {${ids.join(', ')}}`,
    `KV_METADATA {'iceberg.schema': ${quoteText(icebergSchema)}}`,
    'RETURN_STATS true',
    ...(partitions.length
      ? [`PARTITION_BY (${partitions.map(partitionName).join(', ')})`, `FILENAME_PATTERN 'd-{uuid}'`]
      : []),
  ];
  await mkdir(temporaryFolder, { recursive: true });
  const target = `${temporaryFolder}/${partitions.length ? randomUUID() : `d-${randomUUID()}.parquet`}`;
  return `COPY (SELECT ${[...values, ...keys].join(', ')} FROM (${rows}) AS written) TO ${quoteText(target)} (${options.join(', ')})`;
}

/** Athena keeps milliseconds. */
function stored(sql: string, type: string): string {
  return type === 'TIMESTAMP' ? `CAST(CAST(${sql} AS TIMESTAMP_MS) AS TIMESTAMP)` : sql;
}

function partitionName({ fieldId }: PartitionColumn): string {
  return `partition_${fieldId}`;
}

function partitionValue({ transform, width, source }: PartitionColumn, sql: string): string {
  switch (transform) {
    case 'identity':
      return sql;
    case 'day':
      return `CAST(${sql} AS DATE)`;
    case 'year':
    case 'month':
    case 'hour':
      return `CAST(date_diff('${transform}', TIMESTAMP '1970-01-01', CAST(${sql} AS TIMESTAMP)) AS INTEGER)`;
    case 'truncate':
      return source.type === 'string'
        ? `left(${sql}, ${width})`
        : `(${sql} - (((${sql} % ${width}) + ${width}) % ${width}))`;
    case 'bucket':
      return source.type === 'string'
        ? `trino_bucket_text(${sql}, ${width})`
        : `trino_bucket_long(${asLong(source.type, sql)}, ${width})`;
  }
}

/** What Iceberg hashes of a date or timestamp: days and microseconds since 1970. */
function asLong(type: string, sql: string): string {
  if (type === 'timestamp') return `epoch_us(${sql})`;
  return type === 'date' ? `CAST(${sql} - DATE '1970-01-01' AS BIGINT)` : `CAST(${sql} AS BIGINT)`;
}

function distinctPartitions(files: readonly CopiedFile[]): number {
  return new Set(files.map(({ partition_keys }) => JSON.stringify(partition_keys))).size;
}
