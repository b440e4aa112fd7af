import type { FailedVariant, LoggedPrediction } from '../../contracts/http.ts';
import { timeToLiveAttribute } from '../../contracts/tables.ts';
import type { Key, Table } from '../../platform/table.ts';
import { predictionPartition, timeOfPredictionId } from './prediction-id.ts';

/** Days a prediction stays in the log. */
export const daysKept = 30;

/** Thrown when predictions could not be logged in time; the answer does not depend on it. */
export class PredictionLogError extends Error {
  override readonly name = 'PredictionLogError';
  readonly predictions: readonly LoggedPrediction[];

  constructor(predictions: readonly LoggedPrediction[], deadlineMs: number, options?: ErrorOptions) {
    const cause = options?.cause as Error | undefined;
    super(`Cannot log ${predictions.length} predictions within ${deadlineMs} ms: ${cause?.message}`, options);
    this.predictions = predictions;
  }
}

/** Thrown when no prediction has the id. */
export class PredictionNotFoundError extends Error {
  override readonly name = 'PredictionNotFoundError';

  constructor(useCase: string, id: string) {
    super(`Use case "${useCase}" has no prediction "${id}"`);
  }
}

/** A prediction as an item: what is empty for most is left out. */
export type PredictionItem = Key & {
  readonly at: string;
  readonly version: number;
  readonly variant: string;
  readonly entry: number;
  readonly failed?: FailedVariant;
  readonly scoringMs?: number;
  readonly probability: number;
  readonly threshold: number;
  readonly decision: boolean;
  /** JSON: one attribute costs far less to write and read than one a feature. */
  readonly features: string;
  readonly imputed?: readonly string[];
  readonly unseen?: readonly string[];
  readonly entityId?: string;
  readonly observationId?: string;
  readonly [timeToLiveAttribute]: number;
};

/**
 * Writes predictions, each an item of its own that never changes. Writing them again changes nothing.
 *
 * @param table connected with as many attempts as fit into the deadline
 * @param options.deadlineMs how long a request waits for its log. @default 300
 * @throws {PredictionLogError} when they are not all written by the deadline
 */
export async function logPredictions(
  table: Table,
  predictions: readonly LoggedPrediction[],
  { deadlineMs = 300 }: { deadlineMs?: number } = {},
): Promise<void> {
  try {
    await table.putMany(predictions.map(toItem), { signal: AbortSignal.timeout(deadlineMs) });
  } catch (cause) {
    throw new PredictionLogError(predictions, deadlineMs, { cause });
  }
}

/**
 * Reads a logged prediction by its id alone: the id says in which partition it lies.
 *
 * @throws {PredictionNotFoundError}
 */
export async function readPrediction(table: Table, useCase: string, id: string): Promise<LoggedPrediction> {
  const sk = id.toLowerCase();
  const isId = timeOfPredictionId(sk) !== undefined;
  const item = isId ? await table.get<PredictionItem>({ pk: predictionPartition(useCase, sk), sk }) : undefined;
  if (!item) throw new PredictionNotFoundError(useCase, id);
  return fromItem(useCase, item);
}

/** Shapes a prediction into its item. */
export function toItem(prediction: LoggedPrediction): PredictionItem {
  const { useCase, predictionId, features, failed, scoringMs, imputed, unseen, entityId, observationId, ...rest } =
    prediction;
  return {
    pk: predictionPartition(useCase, predictionId),
    sk: predictionId,
    ...rest,
    features: JSON.stringify(features),
    ...(failed && { failed }),
    ...(scoringMs !== null && { scoringMs }),
    ...(imputed.length > 0 && { imputed }),
    ...(unseen.length > 0 && { unseen }),
    ...(entityId !== null && { entityId }),
    ...(observationId !== null && { observationId }),
    [timeToLiveAttribute]: Math.floor(Date.parse(prediction.at) / 1_000) + daysKept * 24 * 60 * 60,
  };
}

/** Reads an item back. */
export function fromItem(useCase: string, item: PredictionItem): LoggedPrediction {
  return {
    predictionId: item.sk,
    useCase,
    at: item.at,
    probability: item.probability,
    decision: item.decision,
    threshold: item.threshold,
    version: item.version,
    variant: item.variant,
    entry: item.entry,
    failed: item.failed ?? null,
    scoringMs: item.scoringMs ?? null,
    imputed: item.imputed ?? [],
    unseen: item.unseen ?? [],
    features: JSON.parse(item.features),
    entityId: item.entityId ?? null,
    observationId: item.observationId ?? null,
  };
}
