import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { isMissing } from './cell-values.ts';
import { UnreadableFileError } from './errors.ts';
import { readCsv } from './read-csv.ts';
import { readRows } from './read-rows.ts';

/** A file of rows on this machine: NDJSON or Parquet by the ending of its name, else CSV with a header line. */
export interface TableFile {
  readonly path: string;
  /** One character between the fields of a CSV. @default - of the usual ones, the one that the header has most of */
  readonly delimiter?: string;
}

/** One row of a file, with every value as text. */
export interface TableRow {
  /** 1 for the first data row. */
  readonly number: number;
  /** The value of a column without blanks around it; '' where it is missing. */
  text(column: string): string;
}

/** The rows of a file, in order and in blocks. */
export interface TableRows {
  /** Every column of the file; complete once all rows are read, and for CSV from the first row on. */
  readonly columns: ReadonlySet<string>;
  readonly blocks: AsyncIterable<readonly TableRow[]>;
}

/**
 * Reads a file row by row; it is never in memory whole, unless it is Parquet.
 *
 * @throws {UnreadableFileError} when there is no such file, it is not what its name says, or a row has more or fewer fields than the header
 */
export async function readTable({ path, delimiter }: TableFile): Promise<TableRows> {
  await access(path, constants.R_OK).catch(cause => {
    throw new UnreadableFileError(`Cannot read "${path}": ${describe(cause)}`, { cause });
  });
  const bytes = createReadStream(path);
  const columns = new Set<string>();
  const source = readRows(path, bytes, { delimiter }) ?? { columns, blocks: readCsv(bytes, columns, { delimiter }) };
  return { columns: source.columns, blocks: toText(path, source.blocks) };
}

type RawBlocks = NonNullable<ReturnType<typeof readRows>>['blocks'];

async function* toText(path: string, blocks: RawBlocks): AsyncGenerator<TableRow[]> {
  try {
    for await (const block of blocks) {
      yield block.map(({ number, record, problem }) => {
        if (!record) throw new UnreadableFileError(`in row ${number} a ${problem}`);
        return { number, text: column => textOf(record[column]) };
      });
    }
  } catch (cause) {
    if (!(cause instanceof UnreadableFileError) && !isSystemError(cause)) throw cause;
    throw new UnreadableFileError(`Cannot read "${path}": ${describe(cause)}`, { cause });
  }
}

/** Of a Parquet file a value may also be NaN, which is how tables of numbers write what is missing, or a time. */
function textOf(value: unknown): string {
  if (isMissing(value) || Number.isNaN(value)) return '';
  return value instanceof Date ? value.toISOString() : String(value).trim();
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}

function describe(error: Error | NodeJS.ErrnoException): string {
  if (!isSystemError(error)) return error.message;
  if (error.code === 'ENOENT') return 'there is no such file';
  return error.code === 'EISDIR' ? 'it is a folder' : error.message;
}
