import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { hasBounds } from './bounds.ts';
import type { ColumnBounds, DataFile, PartitionValue } from './data-file.ts';
import { InvalidDataFileError } from './errors.ts';
import { type PartitionColumn, type PartitionType, partitionColumns } from './partitioning.ts';
import type { Table } from './table.ts';
import { currentSchema, currentSpec, type IcebergType, type Schema } from './table-metadata.ts';
import { printPartitionValue } from './value-text.ts';

/** A row of DuckDB's `COPY … (…, RETURN_STATS true)`, as `getRowObjectsJson()` gives it. */
export interface CopiedFile {
  readonly filename: string;
  readonly count: string;
  readonly file_size_bytes: string;
  /** By quoted column name: num_values, null_count, has_nan, min, max, column_size_bytes, all as text. */
  readonly column_statistics: JsonMap<JsonMap<string>>;
  /** By the name of the PARTITION_BY column; null for the NULL partition. */
  readonly partition_keys: JsonMap<string | null> | null;
}

export type JsonMap<Value> = readonly { readonly key: string; readonly value: Value }[];

/** What DuckDB must write into a Parquet file so that readers find columns by field id. */
export interface ParquetIdentity {
  /** The value of COPY's `FIELD_IDS`: `{"id": 1, "event_time": 2}`. */
  readonly fieldIds: Readonly<Record<string, number>>;
  /** The value of `iceberg.schema` in `KV_METADATA`: the current schema as JSON. */
  readonly icebergSchema: string;
}

/** The field ids and the schema of the table's current columns. */
export function parquetIdentity({ metadata }: Table): ParquetIdentity {
  const schema = currentSchema(metadata);
  return {
    fieldIds: Object.fromEntries(schema.fields.map(({ id, name }) => [name, id])),
    icebergSchema: JSON.stringify(schema),
  };
}

/**
 * A local folder of its own for one COPY, on the table's file system. It does not exist yet, and is the caller's to remove;
 * after a crash `removeOrphanFiles` clears what was in it.
 */
export function newCopyFolder({ store, location }: Table): string {
  return `${store.folder.path(`${location}/data/copy-${randomUUID()}`)}.tmp`;
}

/**
 * Moves a file that DuckDB wrote for the table's current schema into the table's data folder (`data/event_time_month=2026-01/<name>`) and describes it for a commit.
 *
 * The columns of PARTITION_BY must be named by the partition fields' ids: `partition_1000`, `partition_1001` … in the order of the spec
 * (identity partitions too, since DuckDB leaves PARTITION_BY columns out of the file), with values of the partition's type.
 * `filename` must be on the table's file system (`newCopyFolder`), its last part unique in the table. COPY of no rows may write a
 * file all the same: leave it out, a commit refuses it.
 *
 * @throws {InvalidDataFileError}
 */
export async function adoptCopiedFile(table: Table, copied: CopiedFile): Promise<DataFile> {
  const schema = currentSchema(table.metadata);
  const columns = partitionColumns(currentSpec(table.metadata), schema);
  const partition = readPartition(copied, columns);
  const uri = [
    table.location,
    'data',
    ...columns.map(column => folderName(column, partition)),
    basename(copied.filename),
  ].join('/');
  await table.store.folder.adopt(copied.filename, uri);
  return {
    uri,
    partition,
    recordCount: Number(copied.count),
    fileSizeInBytes: Number(copied.file_size_bytes),
    ...readStatistics(copied, schema),
  };
}

function readPartition(
  { filename, partition_keys }: CopiedFile,
  columns: readonly PartitionColumn[],
): DataFile['partition'] {
  const keys = new Map((partition_keys ?? []).map(({ key, value }) => [key, value]));
  return Object.fromEntries(
    columns.map(({ name, fieldId, type }) => {
      const text = keys.get(`partition_${fieldId}`);
      const value = text === undefined ? undefined : parseValue(type, text);
      if (value === undefined)
        throw new InvalidDataFileError(
          `"${filename}": partition_${fieldId} is "${text}", expected ${type} for "${name}"`,
        );
      return [name, value];
    }),
  );
}

function folderName(column: PartitionColumn, partition: DataFile['partition']): string {
  return `${column.name}=${encodeURIComponent(printPartitionValue(column, partition[column.name] ?? null) ?? 'null')}`;
}

function readStatistics({ column_statistics }: CopiedFile, schema: Schema) {
  const fields = new Map(schema.fields.map(field => [`"${field.name.replaceAll('"', '""')}"`, field]));
  const columns = column_statistics.flatMap(({ key, value }) => {
    const field = fields.get(key);
    return field ? [{ ...field, statistics: new Map(value.map(entry => [entry.key, entry.value])) }] : [];
  });
  const count = (name: string) =>
    new Map(
      columns.flatMap(({ id, statistics }) => {
        const text = statistics.get(name);
        return text === undefined ? [] : [[id, Number(text)] as const];
      }),
    );
  const bounds = columns.flatMap(({ id, type, statistics }) => {
    const found = readBounds(type, statistics);
    return found ? [[id, found] as const] : [];
  });
  return {
    columnSizes: count('column_size_bytes'),
    valueCounts: count('num_values'),
    nullValueCounts: count('null_count'),
    bounds: new Map(bounds),
  };
}

function readBounds(type: IcebergType, statistics: ReadonlyMap<string, string>): ColumnBounds | undefined {
  const [lower, upper] = ['min', 'max'].map(name => {
    const text = statistics.get(name);
    return text !== undefined && hasBounds(type) ? parseValue(type as PartitionType, text) : undefined;
  });
  if (lower === undefined || upper === undefined || lower === null || upper === null) return undefined;
  return { lower: BigInt(lower), upper: BigInt(upper) };
}

/** @returns undefined for text that is no value of the type, as `infinity` is no date */
function parseValue(type: PartitionType, text: string | null): PartitionValue | undefined {
  if (text === null || type === 'string') return text;
  if (type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : undefined;
  if (type === 'date') return parseDate(text);
  if (type === 'timestamp') return parseTimestamp(text);
  if (!/^-?\d+$/.test(text)) return undefined;
  return type === 'int' ? Number(text) : BigInt(text);
}

function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  return Date.parse(`${text}T00:00:00Z`) / 86_400_000;
}

function parseTimestamp(text: string): bigint | undefined {
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  return BigInt(Date.parse(`${seconds.replace(' ', 'T')}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}
