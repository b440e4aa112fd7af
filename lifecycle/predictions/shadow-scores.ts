import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Table } from '../../platform/table.ts';
import { fromItem, type PredictionItem, toItem } from './prediction-log.ts';
import { isShadowScore, readLogItems, type TimeRange } from './read-predictions.ts';

/** What a version answers to a logged request, for nobody but its judge. */
export interface ShadowScore {
  readonly prediction: LoggedPrediction;
  /** Null where it has none. */
  readonly probability: number | null;
  readonly failure: 'error' | 'unusable score' | null;
}

/** The version that scored, and its threshold. */
export interface ShadowVersion {
  readonly version: number;
  readonly threshold: number;
}

/** A score as an item beside its prediction, with the sort key `<predictionId>~<version>`: the prediction as the shadow would have answered it. */
export type ShadowItem = Omit<PredictionItem, 'probability' | 'decision' | 'failed'> & {
  /** Both absent where the version failed. */
  readonly probability?: number;
  readonly decision?: boolean;
  readonly failure?: 'error' | 'unusable score';
};

/** Writes scores; written again, they are the same items. */
export function logShadowScores(table: Table, shadow: ShadowVersion, scores: readonly ShadowScore[]): Promise<void> {
  return table.putMany(scores.map(score => toShadowItem(shadow, score)));
}

/** Reads what one version scored of the predictions made in a time range. */
export async function* readShadowScores(
  table: Table,
  useCase: string,
  version: number,
  range: TimeRange,
): AsyncGenerator<ShadowScore> {
  for await (const { prediction, scores } of readScored(table, useCase, range)) {
    const item = scores.find(({ sk }) => sk === shadowKey(prediction.predictionId, version));
    if (item) yield { prediction, probability: item.probability ?? null, failure: item.failure ?? null };
  }
}

/** Reads the predictions made in a time range that a version has not scored. */
export async function* readUnscored(
  table: Table,
  useCase: string,
  version: number,
  range: TimeRange,
): AsyncGenerator<LoggedPrediction> {
  for await (const { prediction, scores } of readScored(table, useCase, range)) {
    if (!scores.some(({ sk }) => sk === shadowKey(prediction.predictionId, version))) yield prediction;
  }
}

/** Joins each prediction with its scores, which follow it in its partition. */
async function* readScored(table: Table, useCase: string, range: TimeRange) {
  let prediction: LoggedPrediction | undefined;
  let scores: ShadowItem[] = [];
  for await (const item of readLogItems(table, useCase, range)) {
    if (isShadowScore(item)) {
      scores.push(item);
      continue;
    }
    if (prediction) yield { prediction, scores };
    prediction = fromItem(useCase, item);
    scores = [];
  }
  if (prediction) yield { prediction, scores };
}

function toShadowItem({ version, threshold }: ShadowVersion, { prediction, probability, failure }: ShadowScore) {
  const { sk, probability: _, decision, failed, scoringMs, unseen, ...item } = toItem(prediction);
  const answer = probability === null ? {} : { probability, decision: probability >= threshold };
  const changes = { sk: shadowKey(sk, version), version, threshold, variant: 'shadow' };
  return { ...item, ...changes, ...answer, ...(failure && { failure }) } satisfies ShadowItem;
}

/** Sort key of a version's score. The sign sorts above all that ids consist of. */
function shadowKey(predictionId: string, version: number): string {
  return `${predictionId}~${version}`;
}
