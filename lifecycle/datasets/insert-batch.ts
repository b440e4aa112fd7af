import { type Athena, QueryFailedError, requestToken } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { featureColumns, observationsTable } from '../../use-cases/table-schemas.ts';
import type { Batch, InsertSlice } from './batch.ts';
import { stagedRowsSql } from './deduplicate.ts';
import { sqlName, sqlTimestamp } from './sql-literal.ts';

/** Partitions that one statement may write, by Athena's own limit. */
const maxMonths = 100;

/** INSERTs that are started within one call before its error is let through. */
const maxAttempts = 3;

/** Divides the months `2026-01` of a batch's events into slices that one INSERT each may write. */
export function sliceMonths(months: Iterable<string>): InsertSlice[] {
  const sorted = [...months].sort();
  return Array.from({ length: Math.ceil(sorted.length / maxMonths) }, (_, index) => {
    const slice = sorted.slice(index * maxMonths, (index + 1) * maxMonths);
    return { from: `${slice[0]}-01T00:00:00.000Z`, to: startOfNextMonth(slice.at(-1)!) };
  });
}

function startOfNextMonth(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 1)).toISOString();
}

export interface InsertBatchOptions {
  readonly athena: Athena;
  readonly useCase: UseCase;
  /** A staged batch. */
  readonly batch: Batch;
  /** Puts how far the INSERTs are. @throws {WriterFencedOffError} */
  readonly save: (batch: Batch) => Promise<Batch>;
}

/**
 * Brings a staged batch into the table, whatever an earlier call that died has left: what it started is waited for, and counted.
 * All rows there: done. None: the next attempt. Some: they are deleted before it.
 *
 * @throws {QueryFailedError} when attempt after attempt fails
 */
export async function insertBatch({ athena, useCase, batch, save }: InsertBatchOptions): Promise<Batch> {
  let current = batch;
  for (let attempts = 0; ; attempts++) {
    const failure = current.attempt > 0 ? await awaitAttempt(current) : undefined;
    const present = current.attempt > 0 ? await countBatch(athena, useCase, batch.number) : 0;
    if (present === batch.counts.expected) return current;
    if (attempts >= maxAttempts) throw failure ?? new WrongRowCountError(batch, present);
    if (present > 0) await deleteBatch(athena, useCase, batch.number);
    current = await save({ ...current, attempt: current.attempt + 1, queryIds: [] });
  }

  /** Starts the INSERTs of an attempt, or finds those that run already, and waits until they end. */
  async function awaitAttempt({ attempt, slices }: Batch): Promise<QueryFailedError | undefined> {
    for (const [index, slice] of slices.entries()) {
      const sql = insertSql(useCase, batch, slice);
      const token = requestToken('insert', batch.number, attempt, index, sql);
      const queryId = current.queryIds[index] ?? (await athena.start(sql, { token }));
      if (!current.queryIds[index]) current = await save({ ...current, queryIds: [...current.queryIds, queryId] });
      const ended = await athena.end(queryId);
      if (ended.state !== 'SUCCEEDED') return new QueryFailedError(ended, sql);
    }
    return undefined;
  }
}

/** Thrown when a batch's INSERTs succeed, yet the table does not have the batch's rows. */
export class WrongRowCountError extends Error {
  override readonly name = 'WrongRowCountError';

  constructor({ number, counts }: Batch, present: number) {
    super(`Batch ${number} has ${present} rows in the table after its INSERT, expected ${counts.expected}`);
  }
}

function insertSql(useCase: UseCase, { number, plannedAt }: Batch, { from, to }: InsertSlice): string {
  const features = featureColumns(useCase).map(({ name }) => name);
  const ingestSeq = `CAST(${number} AS bigint)`;
  const ingestedAt = sqlTimestamp(new Date(plannedAt));
  const values: [column: string, value: string][] = [
    ['observation_id', 's.observation_id'],
    ['entity_id', 's.entity_id'],
    ['event_time', 's.event_time'],
    ['ingest_seq', ingestSeq],
    ['ingested_at', ingestedAt],
    ...features.map((name): [string, string] => [name, `s.${sqlName(name)}`]),
    ['label', 's.label'],
    ['label_seq', `CASE WHEN s.label IS NOT NULL THEN ${ingestSeq} END`],
    ['labelled_at', `CASE WHEN s.label IS NOT NULL THEN ${ingestedAt} END`],
  ];
  return `INSERT INTO ${sqlName(observationsTable(useCase).name)} (${values.map(([column]) => sqlName(column)).join(', ')})
SELECT ${values.map(([, value]) => value).join(', ')}
${stagedRowsSql(useCase, number)}
WHERE s.nth = 1 AND o.observation_id IS NULL
  AND s.event_time >= ${sqlTimestamp(new Date(from))} AND s.event_time < ${sqlTimestamp(new Date(to))}`;
}

async function countBatch(athena: Athena, useCase: UseCase, number: number): Promise<number> {
  const table = sqlName(observationsTable(useCase).name);
  const [row] = await athena.query(`SELECT count(*) AS present FROM ${table} WHERE ingest_seq = ${number}`);
  return Number(row!.present);
}

async function deleteBatch(athena: Athena, useCase: UseCase, number: number): Promise<void> {
  await athena.execute(`DELETE FROM ${sqlName(observationsTable(useCase).name)} WHERE ingest_seq = ${number}`);
}
