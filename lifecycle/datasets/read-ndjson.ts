import { isRecord } from '../inference/is-record.ts';
import { checkEncoding } from './check-encoding.ts';
import { UnreadableFileError } from './errors.ts';
import type { RawRow } from './raw-row.ts';

/** Reads one JSON object a line. Blank lines are no rows; objects may leave out columns that others have. */
export async function* readNdjson(bytes: AsyncIterable<Uint8Array>, columns: Set<string>): AsyncGenerator<RawRow[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  const toRows = (lines: readonly string[]) =>
    lines.filter(line => line.trim() !== '').map(line => toRow(++number, line, columns));
  for await (const chunk of checkEncoding(bytes)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    if (rest.length > longestLine)
      throw new UnreadableFileError(`is no NDJSON: a line exceeds ${longestLine} characters`);
    yield toRows(lines);
  }
  yield toRows([rest + decoder.decode()]);
}

const longestLine = 1_000_000;

function toRow(number: number, line: string, columns: Set<string>): RawRow {
  const record = parseObject(line);
  if (!record) return { number, record: null, problem: 'line is no JSON object', raw: line };
  for (const name in record) columns.add(name);
  return { number, record, problem: null, raw: record };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
