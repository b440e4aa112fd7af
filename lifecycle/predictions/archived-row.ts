import type { FeatureValue, Instance, LoggedPrediction } from '../../contracts/http.ts';
import type { Column } from '../../contracts/tables.ts';
import type { ResultRow } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { readTimestamp } from '../datasets/sql-literal.ts';
import type { PredictionItem } from './prediction-log.ts';
import { isShadowScore } from './read-predictions.ts';
import type { ShadowItem } from './shadow-scores.ts';

/** Values of the archive's columns, but for those that only the table has. */
export type ArchivedRow = Readonly<Record<string, string | number | boolean | Date | null>>;

/** Shapes an item of the log into a row of the archive: a prediction, or the score that a shadow gave it. */
export function toArchivedRow(useCase: UseCase, item: PredictionItem | ShadowItem): ArchivedRow {
  const isShadow = isShadowScore(item);
  const failed = 'failed' in item ? item.failed : undefined;
  const failure = 'failure' in item ? item.failure : undefined;
  return {
    ...featureValues(useCase, JSON.parse(item.features)),
    prediction_id: isShadow ? item.sk.slice(0, item.sk.indexOf('~')) : item.sk,
    at: new Date(item.at),
    version: item.version,
    variant: item.variant,
    entry: item.entry ?? null,
    failed_variant: failed?.variant ?? null,
    failed_version: failed?.version ?? null,
    failed_reason: failed?.reason ?? failure ?? null,
    scoring_ms: item.scoringMs ?? null,
    probability: item.probability ?? null,
    threshold: item.threshold,
    decision: item.decision ?? null,
    entity_id: item.entityId ?? null,
    observation_id: item.observationId ?? null,
    imputed: join(item.imputed),
    unseen: join(item.unseen),
  };
}

/** What the columns can hold: an integer that no table's bigint holds is missing. */
function featureValues({ features }: UseCase, values: Readonly<Record<string, FeatureValue>>): ArchivedRow {
  return Object.fromEntries(
    Object.entries(features).map(([name, { type }]) => {
      const value = values[name] ?? null;
      return [name, type === 'integer' && !Number.isSafeInteger(value) ? null : value];
    }),
  );
}

/** Reads a row of the archive back as the prediction that it was. */
export function fromArchivedRow(useCase: UseCase, row: ResultRow): LoggedPrediction {
  const variant = row.failed_variant;
  return {
    predictionId: row.prediction_id!,
    useCase: useCase.id,
    at: readTimestamp(row.at!),
    probability: Number(row.probability),
    decision: row.decision === 'true',
    threshold: Number(row.threshold),
    version: Number(row.version),
    variant: row.variant!,
    entry: Number(row.entry),
    failed: variant
      ? { variant, version: Number(row.failed_version), reason: row.failed_reason as 'error' | 'unusable score' }
      : null,
    scoringMs: row.scoring_ms === null ? null : Number(row.scoring_ms),
    imputed: split(row.imputed),
    unseen: split(row.unseen),
    features: readFeatures(useCase, row),
    entityId: row.entity_id ?? null,
    observationId: row.observation_id ?? null,
  };
}

/** Reads the features of a row of the archive, as the model was asked with them. */
export function readFeatures({ features }: UseCase, row: ResultRow): Instance {
  return Object.fromEntries(
    Object.entries(features).map(([name, { type }]) => [name, readFeature(type, row[name] ?? null)]),
  );
}

function readFeature(type: UseCase['features'][string]['type'], text: string | null): FeatureValue {
  if (text === null || type === 'category') return text;
  return type === 'boolean' ? text === 'true' : Number(text);
}

/** Names of features have no comma. */
function join(names: readonly string[] = []): string | null {
  return names.length > 0 ? names.join(',') : null;
}

function split(names: string | null | undefined): string[] {
  return names ? names.split(',') : [];
}

/** Orders a row's values by the columns. */
export function orderValues(columns: readonly Column[], row: ArchivedRow): unknown[] {
  return columns.map(({ name }) => row[name] ?? null);
}
