import { acceptedRange, type Histogram } from '../../ml/drift/histogram.ts';
import type { CategoryProfile, NumberProfile, ReferenceProfile } from '../../ml/drift/reference-profile.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import { tableName } from '../../use-cases/table-schemas.ts';
import { sqlName, sqlString, sqlTimestamp } from '../datasets/sql-literal.ts';
import { countingFirst, outcomesByKeySql } from '../outcomes/counting-outcomes.ts';
import { sqlDouble } from '../profile/cells.ts';
import type { TimeSpan } from './window.ts';

/** Which archived predictions to look at. */
export interface ArchivedRows extends TimeSpan {
  readonly useCase: UseCase;
  /** Snapshot id of the predictions table. */
  readonly snapshotId: string;
  /** Number of the archive run up to which rows count. */
  readonly archiveSeq: number;
}

/** One row a variant that answered: predictions, the threshold of the last one, and how long those took that came alone. */
export function serviceStatement(rows: ArchivedRows): string {
  const percentile = (share: number) => `approx_percentile(scoring_ms, ${sqlDouble(share)})`;
  return `SELECT version, variant, count(*) AS found, max_by(threshold, at) AS threshold, count(scoring_ms) AS timed,
  ${percentile(0.5)} AS p50, ${percentile(0.95)} AS p95, ${percentile(0.99)} AS p99
FROM ${from(rows)} GROUP BY version, variant`;
}

/** Rows on which a variant failed, and another answered. */
export function failuresStatement(rows: ArchivedRows): string {
  return `SELECT failed_version AS version, failed_variant AS variant, count(*) AS found
FROM ${from(rows)} AND failed_variant IS NOT NULL GROUP BY failed_version, failed_variant`;
}

/** Bins of a feature's rows that have no value, and of those whose level is none of the reference's. */
export const noBin = { missing: -1, unseen: -2 } as const;

/** Name under which the drift statement counts the scores. */
export const scoresItem = '#scores';

/**
 * The histograms of one version's window, by variant, in the bins of its reference profile: of each feature that the use case still has, and of the
 * scores. Each feature is a SELECT of its own, as columnar files are read by columns.
 */
export function histogramsStatement(rows: ArchivedRows, version: number, profile: ReferenceProfile): string {
  const selects = profile.features.flatMap(feature => {
    const declared = rows.useCase.features[feature.name];
    return declared ? [featureSelect(feature, declared)] : [];
  });
  const scores = numberSelect(scoresItem, 'CAST(CAST(probability AS real) AS double)', profile.scores);
  return [...selects, scores]
    .map(
      ({ item, bin, outside, value }) =>
        `SELECT ${sqlString(item)} AS item, variant, bin, outside, count(*) AS found, avg(value) AS mean
FROM (SELECT variant, ${bin} AS bin, ${outside} AS outside, ${value} AS value FROM ${from(rows)} AND version = ${version}) binned
GROUP BY variant, bin, outside`,
    )
    .join('\nUNION ALL\n');
}

interface FeatureSelect {
  readonly item: string;
  readonly bin: string;
  /** Whether the value is outside the accepted range. */
  readonly outside: string;
  readonly value: string;
}

function featureSelect(feature: NumberProfile | CategoryProfile, { type }: Feature): FeatureSelect {
  const column = sqlName(feature.name);
  if (feature.kind === 'category') return levelSelect(feature, `CAST(${column} AS varchar)`);
  const number = type === 'boolean' ? `CASE WHEN ${column} THEN 1E0 WHEN NOT ${column} THEN 0E0 END` : column;
  // Rounded to float32, as the model sees it and the reference was counted.
  return numberSelect(feature.name, `CAST(CAST(${number} AS real) AS double)`, feature);
}

function numberSelect(item: string, value: string, histogram: Histogram): FeatureSelect {
  const [least, greatest] = histogram.clip.map(sqlDouble);
  const range = acceptedRange(histogram)?.map(sqlDouble);
  const edges = histogram.edges.map((edge, bin) => `WHEN ${value} < ${sqlDouble(edge)} THEN ${bin}`);
  return {
    item,
    bin: `CASE WHEN ${value} IS NULL THEN ${noBin.missing} ${edges.join(' ')} ELSE ${edges.length} END`,
    outside: range ? `coalesce(${value} < ${range[0]} OR ${value} > ${range[1]}, FALSE)` : 'FALSE',
    value: `CASE WHEN ${value} < ${least} THEN ${least} WHEN ${value} > ${greatest} THEN ${greatest} ELSE ${value} END`,
  };
}

function levelSelect({ name, levels }: CategoryProfile, value: string): FeatureSelect {
  const bins = levels.map((level, bin) => `WHEN ${value} = ${sqlString(level)} THEN ${bin}`);
  return {
    item: name,
    bin: `CASE WHEN ${value} IS NULL THEN ${noBin.missing} ${bins.join(' ')} ELSE ${noBin.unseen} END`,
    outside: 'FALSE',
    value: 'CAST(NULL AS double)',
  };
}

/** How finely scores are told apart: each by itself, or with all others that agree to four digits after the point. */
export type ScoreResolution = 'exact' | 'four digits';

/** Predictions by variant and score, and how many of them came out positive and negative. Scores that are not told apart are given by their mean. */
export function outcomesStatement(rows: ArchivedRows, resolution: ScoreResolution): string {
  return `SELECT version, variant, decision, avg(probability) AS score, count(*) AS found,
  count_if(label = 1) AS positives, count_if(label = 0) AS negatives
FROM (
  SELECT p.version, p.variant, p.decision, p.probability, p.cell, o.label
  FROM (${scoredSelect(rows, resolution)}) p LEFT JOIN (${finalOutcomesSelect(rows)}) o ON o.key = p.key
) labelled
GROUP BY version, variant, decision, cell`;
}

/** The same of predictions whose outcomes nobody can know yet. */
export function scoresStatement(rows: ArchivedRows, resolution: ScoreResolution): string {
  return `SELECT version, variant, decision, avg(probability) AS score, count(*) AS found, 0 AS positives, 0 AS negatives
FROM (${scoredSelect(rows, resolution)}) scored GROUP BY version, variant, decision, cell`;
}

function scoredSelect(rows: ArchivedRows, resolution: ScoreResolution): string {
  const cell = resolution === 'exact' ? 'probability' : 'round(probability, 4)';
  return `SELECT version, variant, decision, probability, ${cell} AS cell, coalesce(observation_id, prediction_id) AS key
  FROM ${from(rows)} AND probability IS NOT NULL`;
}

/** The last outcome of each key. */
function finalOutcomesSelect({ useCase, archiveSeq }: ArchivedRows): string {
  return `SELECT key, label FROM (
    SELECT key, label, row_number() OVER (PARTITION BY key ORDER BY ${countingFirst}) AS place
    FROM (${outcomesByKeySql(useCase.id, archiveSeq)}) outcomes
  ) ranked WHERE place = 1`;
}

/** Shadows answer nobody: releases judge them. */
function from({ useCase, snapshotId, archiveSeq, from, to }: ArchivedRows): string {
  const span = `at >= ${sqlTimestamp(new Date(from))} AND at < ${sqlTimestamp(new Date(to))}`;
  return `${sqlName(tableName(useCase.id, 'predictions'))} FOR VERSION AS OF ${snapshotId} WHERE ${span} AND variant <> 'shadow' AND archive_seq <= ${archiveSeq}`;
}
