import type { UseCase } from '../../use-cases/define-use-case.ts';
import { featureColumns, tableName } from '../../use-cases/table-schemas.ts';
import { holdoutSql } from '../datasets/holdout.ts';
import { sqlName, sqlString, sqlTimestamp } from '../datasets/sql-literal.ts';
import type { TimeRange } from '../predictions/read-predictions.ts';
import { randomPartSql } from '../predictions/sample-predictions.ts';

/** The part of the archive that tells of a time range. Its days are all that a statement reads, and of these only the columns that it names. */
export interface ArchivedRange extends TimeRange {
  readonly useCase: UseCase;
  /** Number of the archive run up to which rows count. */
  readonly archiveSeq: number;
}

/** Which predictions belong to a step. */
export interface StepPredictions {
  /** Number of the entry that began it; what an earlier one routed is no part of it. */
  readonly entry: number;
  /** Names of the variants that it is about. */
  readonly variants: readonly string[];
}

/** Which predictions a sample is taken of. */
export interface SampleOptions {
  /** Predictions at most. */
  readonly size: number;
  /** Of those made before, only those of entities in the permanent holdout. */
  readonly heldOutBefore: Date;
}

/** SELECT of a sample of the predictions, with their features. */
export function sampleStatement(range: ArchivedRange, { size, heldOutBefore }: SampleOptions): string {
  const features = featureColumns(range.useCase).map(({ name }) => sqlName(name));
  return `SELECT ${['prediction_id', 'observation_id', '"at"', ...features].join(', ')}
FROM ${predictionsIn(range)} AND ("at" >= ${sqlTimestamp(heldOutBefore)} OR ${holdoutSql('entity_id')})
ORDER BY ${randomPartSql} LIMIT ${size}`;
}

/** SELECT of each unit's first prediction in a step. */
export function exposuresStatement(range: ArchivedRange, step: StepPredictions): string {
  const unit = 'coalesce(entity_id, prediction_id)';
  return `SELECT prediction_id, observation_id, "at", unit, arm, decision FROM (
  SELECT prediction_id, observation_id, "at", ${unit} AS unit, ${assigned} AS arm, decision,
    row_number() OVER (PARTITION BY ${unit} ORDER BY prediction_id) AS nth
  FROM ${predictionsIn(range)} AND ${isOf(step)}
) asked WHERE nth = 1`;
}

/** SELECT of what each variant answered in a step, counted. */
export function answersStatement(range: ArchivedRange, step: StepPredictions): string {
  return `SELECT arm, count(*) AS requests, count_if(failed_reason = 'error') AS errors,
  count_if(failed_reason = 'unusable score') AS unusable, min(score) AS lowest, max(score) AS highest
FROM (
  SELECT ${assigned} AS arm, failed_reason, CASE WHEN failed_variant IS NULL THEN probability END AS score
  FROM ${predictionsIn(range)} AND ${isOf(step)}
) answered GROUP BY arm`;
}

/** SELECT of the outcomes received in a time range of predictions that another SELECT gives. */
export function outcomesStatement({ useCase, archiveSeq, from, to }: ArchivedRange, predictions: string): string {
  return `WITH asked AS (${predictions})
SELECT outcome_id, prediction_id, observation_id, label, observed_at, received_at, received_by
FROM ${sqlName(tableName(useCase.id, 'outcomes'))}
WHERE received_at >= ${sqlTimestamp(from)} AND received_at < ${sqlTimestamp(to)} AND archive_seq <= ${archiveSeq}
  AND (prediction_id IN (SELECT prediction_id FROM asked) OR observation_id IN (SELECT observation_id FROM asked))`;
}

/** The variant that a prediction was routed to, be it that the champion had to answer in its place. */
const assigned = 'coalesce(failed_variant, variant)';

function isOf({ entry, variants }: StepPredictions): string {
  return `entry >= ${entry} AND ${assigned} IN (${variants.map(sqlString).join(', ')})`;
}

function predictionsIn({ useCase, archiveSeq, from, to }: ArchivedRange): string {
  return `${sqlName(tableName(useCase.id, 'predictions'))}
  WHERE "at" >= ${sqlTimestamp(from)} AND "at" < ${sqlTimestamp(to)} AND archive_seq <= ${archiveSeq} AND variant <> 'shadow'`;
}
