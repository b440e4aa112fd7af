import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AthenaClient,
  type Datum,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';

export interface QueryOptions {
  /** Makes a start idempotent: the same token returns the same query, even a failed one. At least 32 characters. @default - a new query each call */
  readonly token?: string;
  /** Values of the `?` in the statement, as SQL literals. */
  readonly parameters?: readonly string[];
}

/** A row of a result: Athena's strings by column name, `null` for NULL. */
export type ResultRow = Readonly<Record<string, string | null>>;

/** One Athena workgroup and the Glue database that its statements name tables of. */
export interface Athena {
  readonly database: string;
  /** Starts a statement and returns its query execution id. */
  start(sql: string, options?: QueryOptions): Promise<string>;
  /** Waits until a started statement ends, however it ends. */
  end(queryId: string): Promise<QueryEnd>;
  /** Runs a statement to its end. @throws {QueryFailedError} */
  execute(sql: string, options?: QueryOptions): Promise<QueryEnd>;
  /** Runs a SELECT and returns all rows. @throws {QueryFailedError} */
  query(sql: string, options?: QueryOptions): Promise<ResultRow[]>;
  /** Runs a SELECT and returns names and types of its columns. @throws {QueryFailedError} */
  columns(sql: string): Promise<ResultColumn[]>;
}

export interface ResultColumn {
  readonly name: string;
  /** As Athena calls it: `varchar`, `bigint`, `integer`, `double`, `boolean`, `timestamp` … */
  readonly type: string;
}

export interface QueryEnd {
  readonly queryId: string;
  readonly state: 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  /** Athena's reason, when it did not succeed. */
  readonly reason: string | null;
  readonly scannedBytes: number;
}

/** Thrown when a statement ended in another state than SUCCEEDED. */
export class QueryFailedError extends Error {
  override readonly name = 'QueryFailedError';
  readonly reason: string;

  constructor({ queryId, state, reason }: QueryEnd, sql: string) {
    super(`Athena query ${queryId} ${state}: ${reason ?? 'no reason given'}\n${sql.slice(0, 500)}`);
    this.reason = reason ?? '';
  }
}

/** Connects to a workgroup. */
export function connectAthena({ workgroup, database }: { workgroup: string; database: string }): Athena {
  const client = new AthenaClient({});

  async function start(sql: string, { token, parameters }: QueryOptions = {}): Promise<string> {
    const { QueryExecutionId } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database },
        ClientRequestToken: token,
        ExecutionParameters: parameters?.length ? [...parameters] : undefined,
      }),
    );
    return QueryExecutionId!;
  }

  async function end(queryId: string): Promise<QueryEnd> {
    for (let delay = 10; ; delay = Math.min(delay * 1.5, 1_000)) {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: queryId }));
      const ended = readEnd(queryId, QueryExecution);
      if (ended) return ended;
      await sleep(delay);
    }
  }

  async function execute(sql: string, options?: QueryOptions): Promise<QueryEnd> {
    const ended = await end(await start(sql, options));
    if (ended.state !== 'SUCCEEDED') throw new QueryFailedError(ended, sql);
    return ended;
  }

  return {
    database,
    start,
    end,
    execute,
    async query(sql, options) {
      const { queryId } = await execute(sql, options);
      return readRows(client, queryId);
    },
    async columns(sql) {
      const { queryId } = await execute(sql);
      const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId: queryId, MaxResults: 1 }));
      return (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => ({ name: Name!, type: Type! }));
    },
  };
}

/** Token for `ClientRequestToken` out of whatever identifies one attempt of one statement. */
export function requestToken(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function readEnd(queryId: string, execution: QueryExecution | undefined): QueryEnd | undefined {
  const state = execution?.Status?.State;
  if (state !== 'SUCCEEDED' && state !== 'FAILED' && state !== 'CANCELLED') return undefined;
  const reason = execution?.Status?.StateChangeReason ?? null;
  return { queryId, state, reason, scannedBytes: execution?.Statistics?.DataScannedInBytes ?? 0 };
}

async function readRows(client: AthenaClient, queryId: string): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  let names: string[] | undefined;
  for await (const { ResultSet } of paginateGetQueryResults(
    { client },
    { QueryExecutionId: queryId, MaxResults: 1_000 },
  )) {
    const page = ResultSet?.Rows ?? [];
    const isFirst = names === undefined;
    names ??= (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name }) => Name!);
    // The first row of a SELECT's first page repeats the column names.
    for (const { Data } of isFirst ? page.slice(1) : page) rows.push(readRow(names, Data ?? []));
  }
  return rows;
}

function readRow(names: readonly string[], data: readonly Datum[]): ResultRow {
  return Object.fromEntries(names.map((name, column) => [name, data[column]?.VarCharValue ?? null]));
}
