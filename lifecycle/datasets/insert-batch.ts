import type { Athena } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { featureColumns, observationsTable } from '../../use-cases/table-schemas.ts';
import type { Batch, InsertSlice } from './batch.ts';
import { stagedRowsSql } from './deduplicate.ts';
import { insertExactlyOnce } from './insert-exactly-once.ts';
import { sqlName, sqlTimestamp } from './sql-literal.ts';

/** Partitions that one statement may write, by Athena's own limit. */
const maxMonths = 100;

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
 * Brings a staged batch into the table, whatever an earlier call that died has left.
 *
 * @throws {QueryFailedError} when attempt after attempt fails
 * @throws {WrongRowCountError}
 */
export function insertBatch({ athena, useCase, batch, save }: InsertBatchOptions): Promise<Batch> {
  return insertExactlyOnce({
    ...{ athena, save, progress: batch },
    table: observationsTable(useCase).name,
    where: `ingest_seq = ${batch.number}`,
    rows: `Batch ${batch.number}`,
    expected: batch.counts.expected,
    statements: batch.slices.map(slice => insertSql(useCase, batch, slice)),
    token: ['insert', batch.number],
  });
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
