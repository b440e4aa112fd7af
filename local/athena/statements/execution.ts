import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableStore } from '../../iceberg/table.ts';
import type { Caller } from '../../service.ts';
import type { Catalog } from '../catalog.ts';
import type { Parser } from '../sql/parser.ts';
import type { TrinoType } from '../sql/trino-type.ts';

/** What a statement runs with. */
export interface Execution {
  readonly queryId: string;
  readonly sql: string;
  /** Database of names without one. */
  readonly database: string;
  readonly caller: Caller;
  readonly catalog: Catalog;
  readonly store: TableStore;
  readonly connection: DuckDBConnection;
  readonly parser: Parser;
  /** Folder of this query's files on their way to S3. */
  readonly temporaryFolder: string;
  /** `s3://bucket/prefix/` of the query's own outputs. */
  readonly outputLocation: string;
  /** Bytes beyond which a statement may not read. @default - no limit */
  readonly bytesScannedCutoff?: number;
  /** Aborted by StopQueryExecution. */
  readonly signal: AbortSignal;
  /** The instant of `now()`, in epoch milliseconds. */
  readonly nowMs: number;
}

export interface ResultColumn {
  readonly name: string;
  readonly type: TrinoType;
}

/** What a statement came to. */
export interface Outcome {
  readonly type: 'DDL' | 'DML' | 'UTILITY';
  /** For instance `SELECT`, `CREATE_TABLE`. */
  readonly subtype: string;
  /** Rows of a query, as Athena's strings. */
  readonly result?: {
    readonly columns: readonly ResultColumn[];
    readonly rows: readonly (readonly (string | null)[])[];
  };
  /** Lines of SHOW and DESCRIBE. */
  readonly lines?: readonly string[];
  readonly updateCount?: number;
  readonly scannedBytes?: number;
  /** Of UNLOAD. */
  readonly manifestUri?: string;
}
