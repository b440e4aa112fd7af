import { buffer } from 'node:stream/consumers';
import { UnreadableFileError } from './errors.ts';
import { type ParquetColumns, readParquetColumns, readParquetLayout } from './parquet-columns.ts';
import type { RawRow } from './raw-row.ts';

/** Reads a Parquet file of flat columns. The file is in memory whole, and decoded a stretch of rows at a time. */
export async function* readParquet(bytes: AsyncIterable<Uint8Array>, columns: Set<string>): AsyncGenerator<RawRow[]> {
  const file = await buffer(bytes);
  const { names, rowGroups } = attempt(() => readParquetLayout(file));
  for (const name of names) columns.add(name);
  for (const group of rowGroups) {
    for (let start = group.start; start < group.end; start += stretchRows) {
      const range = { start, end: Math.min(start + stretchRows, group.end) };
      yield toRows(start, await attempt(() => readParquetColumns(file, range)));
    }
  }
}

const stretchRows = 50_000;

function attempt<T>(read: () => T): T {
  const fail = (error: unknown): never => {
    throw new UnreadableFileError(`is no Parquet file: ${(error as Error).message}`, { cause: error });
  };
  try {
    const result = read();
    return result instanceof Promise ? (result.catch(fail) as T) : result;
  } catch (error) {
    return fail(error);
  }
}

function toRows(start: number, { rows, columns }: ParquetColumns): RawRow[] {
  const entries = [...columns];
  return Array.from({ length: rows }, (_, row) => {
    const record: Record<string, unknown> = {};
    for (const [name, values] of entries) record[name] = values[row];
    return { number: start + row + 1, record, problem: null, raw: record };
  });
}
