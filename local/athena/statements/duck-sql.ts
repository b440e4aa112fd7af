import type { DuckDBConnection } from '@duckdb/node-api';
import type { CopiedFile } from '../../iceberg/copied-file.ts';
import { QueryError } from '../query-error.ts';

/** Runs DuckDB's SQL and returns the rows, whose columns are all text. @throws {QueryError} in Athena's words */
export async function readRows(connection: DuckDBConnection, sql: string): Promise<(string | null)[][]> {
  const reader = await inAthenaWords(connection.runAndReadAll(sql));
  return reader.getRowsJson() as (string | null)[][];
}

/** Runs a COPY with RETURN_STATS. */
export async function copyFiles(connection: DuckDBConnection, sql: string): Promise<CopiedFile[]> {
  const reader = await inAthenaWords(connection.runAndReadAll(sql));
  return reader.getRowObjectsJson() as unknown as CopiedFile[];
}

/** Runs DuckDB's SQL for its effect. */
export async function runSql(connection: DuckDBConnection, sql: string): Promise<void> {
  await inAthenaWords(connection.run(sql));
}

async function inAthenaWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw inWords((error as Error).message, error);
  }
}

/** DuckDB's messages and what Athena calls them. Names were resolved before: what is left are groups, values and resources. */
const meanings: readonly (readonly [pattern: RegExp, code: string, words: (message: string) => string])[] = [
  [/Could not convert string '([A-Z_]+: .*)' to INT32/s, '', message => /'([A-Z_]+: .*)' to INT32/s.exec(message)![1]!],
  [
    /must appear in the GROUP BY clause|GROUP BY clause.*aggregate/s,
    'EXPRESSION_NOT_AGGREGATE',
    () => 'every selected expression must be an aggregate expression or appear in GROUP BY clause',
  ],
  [
    /cannot contain aggregates|cannot contain window|aggregate function calls cannot be nested|cannot be nested/i,
    'NESTED_AGGREGATION',
    message => firstLine(message),
  ],
  [/Overflow in|out of range|Out of Range/s, 'NUMERIC_VALUE_OUT_OF_RANGE', message => firstLine(message)],
  [/^Conversion Error.*reading file/s, 'HIVE_BAD_DATA', message => firstLine(message)],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT', message => firstLine(message)],
  [
    /More than one row returned by a subquery/s,
    'SUBQUERY_MULTIPLE_ROWS',
    () => 'Scalar sub-query has returned multiple rows',
  ],
  [/^Out of Memory/, 'EXCEEDED_LOCAL_MEMORY_LIMIT', message => firstLine(message)],
  [/^INTERRUPT/, 'USER_CANCELED', () => 'Query cancelled by user'],
  [/^Invalid Input Error/, 'INVALID_FUNCTION_ARGUMENT', message => firstLine(message)],
];

function inWords(message: string, cause: unknown): Error {
  const meaning = meanings.find(([pattern]) => pattern.test(message));
  const [code, detail] = meaning ? [meaning[1], meaning[2](message)] : ['GENERIC_INTERNAL_ERROR', message];
  const error = code
    ? new QueryError(code, detail)
    : new QueryError(detail.split(': ')[0]!, detail.slice(detail.indexOf(': ') + 2));
  error.cause = cause;
  return error;
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/^[A-Z][A-Za-z ]+ Error: /, '');
}
