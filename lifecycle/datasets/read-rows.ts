import type { RawRow, ReadOptions, RowReader } from './raw-row.ts';
import { readCsv } from './read-csv.ts';
import { readNdjson } from './read-ndjson.ts';
import { readParquet } from './read-parquet.ts';

/** The rows of a landing file, in order and in blocks. */
export interface RowSource {
  /** Every column that the file has; complete once all rows are read. */
  readonly columns: ReadonlySet<string>;
  readonly blocks: AsyncIterable<readonly RawRow[]>;
}

const readers: Readonly<Record<string, RowReader>> = {
  csv: readCsv,
  ndjson: readNdjson,
  jsonl: readNdjson,
  parquet: readParquet,
};

/** Endings of the files that ingest reads. */
export const fileEndings = Object.keys(readers);

/** Reads a landing file by the ending of its name; undefined when it is none of `fileEndings`. */
export function readRows(
  key: string,
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): RowSource | undefined {
  const reader = readers[key.slice(key.lastIndexOf('.') + 1).toLowerCase()];
  if (!reader) return undefined;
  const columns = new Set<string>();
  return { columns, blocks: reader(bytes, columns, options) };
}
