import type { DataFile } from './data-file.ts';
import type { Table } from './table.ts';

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
export function parquetIdentity(_table: Table): ParquetIdentity {
  throw new Error('not built yet');
}

/**
 * Moves a file that DuckDB wrote for the table's current schema into the table's data folder (`data/event_time_month=2026-01/<name>`) and describes it for a commit.
 *
 * The columns of PARTITION_BY must be named by the partition fields' ids: `partition_1000`, `partition_1001` … in the order of the spec
 * (identity partitions too, since DuckDB leaves PARTITION_BY columns out of the file), with values of the partition's type; `filename` must be on the table's file system.
 *
 * @throws {InvalidDataFileError}
 */
export function adoptCopiedFile(_table: Table, _copied: CopiedFile): Promise<DataFile> {
  throw new Error('not built yet');
}
