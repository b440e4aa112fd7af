import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ObjectChangedError, type ObjectSummary, type Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { UnreadableFileError } from './errors.ts';
import { isPredictions } from './landing-keys.ts';
import { createRowParser, type FileColumns, fileColumns, type ParsedRow, type RowParser } from './parse-row.ts';
import type { RawRow } from './raw-row.ts';
import { fileEndings, readRows } from './read-rows.ts';

/** A landing file as it was when its batch was planned. */
export interface ScannedFile {
  readonly key: string;
  readonly etag: string;
  readonly sha256: string;
  readonly rows: number;
  /** Rows that can't go into the table: all of them, when the file as a whole is wrong. */
  readonly rejected: number;
  /** What is wrong with the file as a whole. */
  readonly problem: string | null;
}

/** A data row of a file with what parsing made of it: values, or the text of what is wrong. */
export interface JudgedRow {
  readonly raw: RawRow;
  readonly parsed: ParsedRow | string;
}

/** Reads a landing file once: identifies it by its content and judges every row. */
export async function scanFile(
  objects: Objects,
  useCase: UseCase,
  { key, etag }: Pick<ObjectSummary, 'key' | 'etag'>,
): Promise<ScannedFile> {
  const digest = createHash('sha256');
  const bytes = hashing(await objects.stream(key, { etag }), digest);
  const parser = parserOf(useCase, key);
  let rows = 0;
  let rejected = 0;
  let problem: string | null = null;
  try {
    const source = readRows(key, bytes);
    if (source) {
      for await (const block of source.blocks) {
        rows += block.length;
        for (const row of block) if (typeof judge(row, parser) === 'string') rejected++;
      }
      problem = findFileProblem(rows, source.columns, fileColumns(useCase));
    } else problem = `ends in none of ${fileEndings.map(ending => `.${ending}`).join(', ')}`;
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    problem = error.message;
  }
  // What the reader gave up on belongs to the content nevertheless.
  for await (const chunk of bytes) void chunk;
  problem = problem && shorten(problem);
  return { key, etag, sha256: digest.digest('hex'), rows, rejected: problem ? rows : rejected, problem };
}

/** Characters of a problem that are kept: a file without line ends may have a header of almost a megabyte. */
const longestProblem = 1_000;

function shorten(problem: string): string {
  return problem.length > longestProblem ? `${problem.slice(0, longestProblem)}…` : problem;
}

/**
 * Reads a scanned file again, row by row.
 *
 * @throws {ObjectChangedError} when its content is another by now
 */
export async function* readScannedFile(
  objects: Objects,
  useCase: UseCase,
  { key, etag, sha256 }: ScannedFile,
): AsyncGenerator<JudgedRow[]> {
  const digest = createHash('sha256');
  const bytes = hashing(await objects.stream(key, { etag }), digest);
  const parser = parserOf(useCase, key);
  for await (const block of readRows(key, bytes)!.blocks) {
    yield block.map(raw => ({ raw, parsed: judge(raw, parser) }));
  }
  if (digest.digest('hex') !== sha256) throw new ObjectChangedError(objects.uri(key));
}

/** What a model was asked stays as it was asked: a level that nobody has declared is another than the known ones, and not missing. */
function parserOf(useCase: UseCase, key: string): RowParser {
  return createRowParser(useCase, { takesAnyLevel: isPredictions(useCase.id, key) });
}

/** Bytes that are hashed as they are read. Whoever stops reading leaves the rest for the next reader. */
function hashing(stream: Readable, digest: Hash): AsyncIterable<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  const next = async () => {
    const result = await iterator.next();
    if (!result.done) digest.update(result.value);
    return result;
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

function judge({ record, problem }: RawRow, parser: RowParser): ParsedRow | string {
  return record ? parser(record) : problem!;
}

function findFileProblem(rows: number, columns: ReadonlySet<string>, { label, features }: FileColumns): string | null {
  if (rows === 0 && Array.from(columns).every(name => name === '')) return 'is empty';
  if (columns.size === 0) return 'has no row that can be read';
  const missing = [label, ...features].filter(name => !columns.has(name));
  if (missing.length === 0) return null;
  const quoted = (names: Iterable<string>) => Array.from(names, name => `"${name}"`).join(', ');
  return `lacks ${quoted(missing)}; expected ${quoted([...features, label])}, found ${quoted(columns)}`;
}
