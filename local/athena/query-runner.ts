import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableStore } from '../iceberg/table.ts';
import { type Caller, ServiceError } from '../service.ts';
import { requireObjects } from './access.ts';
import type { Catalog } from './catalog.ts';
import type { Engine } from './engine/engine.ts';
import type { Executions, QueryRecord } from './executions.ts';
import { bindParameters } from './parameters.ts';
import { QueryError } from './query-error.ts';
import { writeResult } from './results/result-pages.ts';
import { bytesLimitCode } from './sources/relations.ts';
import { parseStatement, withoutSemicolon } from './statements/parse-statement.ts';
import { runStatement } from './statements/run-statement.ts';

export interface QueryRunnerOptions {
  readonly engine: Engine;
  readonly catalog: Catalog;
  readonly store: TableStore;
  readonly executions: Executions;
  now(): number;
}

/** Runs queries in the background and keeps their records up to date. */
export interface QueryRunner {
  /** Starts a recorded query. */
  start(record: QueryRecord, caller: Caller, bytesScannedCutoff?: number): void;
  /** Asks a running query to stop; one that has committed already succeeds nevertheless. */
  stop(id: string): void;
  /** Waits until no query runs. */
  settled(): Promise<void>;
}

/** Makes a runner. */
export function createQueryRunner(options: QueryRunnerOptions): QueryRunner {
  const running = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();

  return {
    start(record, caller, bytesScannedCutoff) {
      const controller = new AbortController();
      const done = run({ ...options, record, caller, bytesScannedCutoff, signal: controller.signal }).finally(() =>
        running.delete(record.id),
      );
      running.set(record.id, { controller, done });
    },
    stop: id => running.get(id)?.controller.abort(),
    async settled() {
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

interface Run extends QueryRunnerOptions {
  readonly record: QueryRecord;
  readonly caller: Caller;
  readonly bytesScannedCutoff?: number;
  readonly signal: AbortSignal;
}

async function run(run: Run): Promise<void> {
  const { executions, record, now } = run;
  const startedAt = performance.now();
  const running: QueryRecord = { ...record, state: 'RUNNING' };
  await executions.put(running);
  const end = await execute(running, run).then(
    (changes): Partial<QueryRecord> => ({ ...changes, state: 'SUCCEEDED' }),
    (error: unknown): Partial<QueryRecord> => failure(error, run.signal),
  );
  await executions.put({ ...running, ...end, completedAt: now(), tookMs: Math.round(performance.now() - startedAt) });
}

async function execute(
  record: QueryRecord,
  { engine, catalog, store, caller, signal, now, bytesScannedCutoff }: Run,
): Promise<Partial<QueryRecord>> {
  requireObjects(caller, 'create', record.outputLocation);
  const [parser, connection] = await Promise.all([engine.parser(), engine.connect()]);
  const temporaryFolder = join(engine.temporaryFolder, record.id);
  const release = interruptWhenAborted(connection, signal);
  try {
    const sql = bindParameters(withoutSemicolon(record.sql), record.parameters ?? [], parser);
    const { database, outputLocation, id: queryId } = record;
    const outcome = await runStatement(parseStatement(sql, parser), {
      queryId,
      sql,
      database,
      caller,
      catalog,
      store,
      connection,
      parser,
      temporaryFolder,
      outputLocation,
      bytesScannedCutoff,
      signal,
      nowMs: now(),
    });
    const { type, subtype, updateCount, scannedBytes, manifestUri } = outcome;
    return {
      type,
      subtype,
      updateCount,
      scannedBytes,
      manifestUri,
      ...(await writeResult(record, outcome, store.folder)),
    };
  } finally {
    release();
    connection.closeSync();
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

/** Interrupts whatever a connection runs from the abort on: an interrupt between two statements would be lost, so it is repeated. */
function interruptWhenAborted(connection: DuckDBConnection, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), 20);
  };
  if (signal.aborted) interrupt();
  else signal.addEventListener('abort', interrupt);
  return () => {
    signal.removeEventListener('abort', interrupt);
    clearInterval(timer);
  };
}

function failure(error: unknown, signal: AbortSignal): Partial<QueryRecord> {
  if (error instanceof QueryError) {
    if (signal.aborted || error.code === 'USER_CANCELED')
      return { state: 'CANCELLED', reason: 'Query cancelled by user' };
    if (error.code === bytesLimitCode) return { state: 'CANCELLED', reason: 'Bytes scanned limit was exceeded' };
    return { state: 'FAILED', reason: error.message };
  }
  if (error instanceof ServiceError)
    return { state: 'FAILED', reason: `Insufficient permissions to execute the query. ${error.message}` };
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { state: 'FAILED', reason: `GENERIC_INTERNAL_ERROR: ${detail}` };
}
