import { type CsvError, type Parser, parse } from 'csv-parse';
import { checkEncoding } from './check-encoding.ts';
import { UnreadableFileError } from './errors.ts';
import type { RawRow, ReadOptions } from './raw-row.ts';

/** Reads CSV with a header line. Quotes need not be balanced inside a field. */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  columns: Set<string>,
  options: ReadOptions = {},
): AsyncGenerator<RawRow[]> {
  const { header, rest } = await splitHeader(checkEncoding(bytes));
  let rows: RawRow[] = [];
  let names: readonly string[] | undefined;
  let number = 0;
  const parser = parse({
    bom: true,
    delimiter: options.delimiter ?? mostFrequentDelimiter(header),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
    on_record(fields: string[]) {
      if (names) rows.push(toRow(++number, names, fields));
      else names = readHeader(fields, columns);
      return null;
    },
  });
  // Every failure is also told to the callback of the write that met it.
  parser.on('error', () => {}).resume();
  for await (const chunk of rest) {
    await write(parser, chunk);
    yield rows;
    rows = [];
  }
  await write(parser, undefined);
  yield rows;
}

const delimiters = [',', ';', '\t', '|'];
/** A quote that is never closed makes one record of the rest of the file: it is given up here. */
const longestRecord = 1_000_000;

/** Reads as far as the end of the first line that isn't blank, and gives back all bytes. */
async function splitHeader(bytes: AsyncIterable<Uint8Array>) {
  const iterator = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (!head.toString('latin1').trimStart().includes('\n') && head.length < longestRecord) {
    const { value, done } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  async function* rest() {
    yield* slices(head);
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield* slices(next.value);
  }
  return { header: head.toString('utf8').trimStart().split('\n', 1)[0]!, rest: rest() };
}

const sliceBytes = 256 * 1024;

/** Bounds how many rows one write makes, however large the chunks of the source are. */
function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += sliceBytes) yield bytes.subarray(start, start + sliceBytes);
}

function mostFrequentDelimiter(header: string): string {
  const unquoted = header.replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map(delimiter => unquoted.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

function readHeader(fields: readonly string[], columns: Set<string>): readonly string[] {
  const names = fields.map(field => field.trim());
  for (const name of names) {
    if (columns.has(name)) throw new UnreadableFileError(`column "${name}" is in the header twice`);
    columns.add(name);
  }
  return names;
}

function toRow(number: number, names: readonly string[], fields: readonly string[]): RawRow {
  if (fields.length !== names.length) {
    const problem = `line has ${fields.length} fields, expected ${names.length} as in the header`;
    return { number, record: null, problem, raw: fields };
  }
  const record: Record<string, string> = {};
  for (let index = 0; index < names.length; index++) record[names[index]!] = fields[index]!;
  return { number, record, problem: null, raw: record };
}

/** Gives the parser a chunk, or its end, and waits until its rows are out. @throws {UnreadableFileError} */
async function write(parser: Parser, chunk: Uint8Array | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const done = (error?: Error | null) => (error ? reject(error) : resolve());
  if (chunk) parser.write(chunk, done);
  else parser.end(done);
  try {
    await promise;
  } catch (error) {
    if (error instanceof UnreadableFileError) throw error;
    throw new UnreadableFileError(`is no CSV: ${(error as CsvError).message}`, { cause: error });
  }
}
