import { type Athena, QueryFailedError, requestToken } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { observationsTable } from '../../use-cases/table-schemas.ts';
import { countingFirst, outcomesByKeySql } from '../outcomes/counting-outcomes.ts';
import type { Batch, InsertSlice, LabelMerge } from './batch.ts';
import { newLabelsSql } from './deduplicate.ts';
import { sliceMonths } from './insert-batch.ts';
import { sqlName, sqlTimestamp } from './sql-literal.ts';

export interface MergeLabelsOptions {
  readonly athena: Athena;
  readonly useCase: UseCase;
  /** A batch whose rows are in the table. */
  readonly batch: Batch;
  /** Number of the archive run up to which outcomes count. */
  readonly through: number;
  /** Puts how far the MERGEs are. @throws {WriterFencedOffError} */
  readonly save: (batch: Batch) => Promise<Batch>;
}

/** MERGEs that are started within one call before its error is let through. */
const maxAttempts = 3;

/**
 * Gives the table's rows the labels that the batch's own rows and the archived outcomes tell, whatever an earlier call that died has left: what it started is
 * waited for. Done when no row lacks its label.
 *
 * @throws {QueryFailedError} when attempt after attempt fails
 * @throws {LabelsMissingError}
 */
export async function mergeLabels({ athena, useCase, batch, through, save }: MergeLabelsOptions): Promise<Batch> {
  let current = batch;
  for (let attempts = 0; ; attempts++) {
    const labels = current.labels ?? { through, rows: 0, attempt: 0, slices: [] };
    const failure = await awaitAttempt(athena, useCase, current, labels);
    const months = await countByMonth(athena, useCase, current, labels.through);
    const rows = [...months.values()].reduce((sum, count) => sum + count, 0);
    if (rows === 0) return current;
    if (attempts >= maxAttempts) throw failure ?? new LabelsMissingError(batch.number, rows);
    const next = { ...labels, attempt: labels.attempt + 1, slices: sliceMonths(months.keys()) };
    current = await save({ ...current, labels: { ...next, rows: labels.attempt === 0 ? rows : labels.rows } });
  }
}

/** Thrown when MERGEs succeed, yet rows of the table lack their labels. */
export class LabelsMissingError extends Error {
  override readonly name = 'LabelsMissingError';

  constructor(batch: number, rows: number) {
    super(`${rows} rows lack their labels after the MERGE of batch ${batch}`);
  }
}

/** Starts the MERGEs of an attempt, or finds those that run already, and waits until they end. */
async function awaitAttempt(athena: Athena, useCase: UseCase, batch: Batch, labels: LabelMerge) {
  for (const [index, slice] of labels.slices.entries()) {
    const sql = mergeSql(useCase, batch, labels.through, slice);
    const token = requestToken('label', batch.number, labels.attempt, index, sql);
    const ended = await athena.end(await athena.start(sql, { token }));
    if (ended.state !== 'SUCCEEDED') return new QueryFailedError(ended, sql);
  }
  return undefined;
}

/** Rows that lack their label, by month of the event. */
async function countByMonth(
  athena: Athena,
  useCase: UseCase,
  batch: Batch,
  through: number,
): Promise<Map<string, number>> {
  const rows = await athena.query(
    `SELECT date_format(t.event_time, '%Y-%m') AS month, count(*) AS found
FROM ${sqlName(observationsTable(useCase).name)} t JOIN (${labelsSql(useCase, batch, through)}) s ON t.observation_id = s.key
WHERE ${isNews} GROUP BY date_format(t.event_time, '%Y-%m')`,
  );
  return new Map(rows.map(({ month, found }) => [month!, Number(found)]));
}

/** A label that came with a file gives way to an outcome only if that was received later. */
const isNews = '(t.label IS NULL OR (t.label <> s.label AND s.received_at > t.labelled_at))';

function mergeSql(useCase: UseCase, batch: Batch, through: number, { from, to }: InsertSlice): string {
  return `MERGE INTO ${sqlName(observationsTable(useCase).name)} t USING (${labelsSql(useCase, batch, through)}) s
ON t.observation_id = s.key AND t.event_time >= ${sqlTimestamp(new Date(from))} AND t.event_time < ${sqlTimestamp(new Date(to))}
WHEN MATCHED AND ${isNews} THEN UPDATE SET label = s.label, label_seq = CAST(${batch.number} AS bigint), labelled_at = s.received_at`;
}

/** SELECT of one label an observation: that of the outcome that counts. */
function labelsSql(useCase: UseCase, batch: Batch, through: number): string {
  const plannedAt = sqlTimestamp(new Date(batch.plannedAt));
  const told = [
    ...(through > 0
      ? [`SELECT key, label, observed_at, received_at FROM (${outcomesByKeySql(useCase.id, through)}) outcomes`]
      : []),
    ...(batch.counts.relabelled > 0
      ? [
          `SELECT observation_id AS key, label, ${plannedAt} AS observed_at, ${plannedAt} AS received_at FROM (${newLabelsSql(useCase, batch.number)}) relabelled`,
        ]
      : []),
  ];
  return `SELECT key, label, received_at FROM (
  SELECT *, row_number() OVER (PARTITION BY key ORDER BY ${countingFirst}) AS nth
  FROM (${told.join(' UNION ALL ')}) told) ranked
WHERE nth = 1`;
}
