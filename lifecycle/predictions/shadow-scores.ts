import type { LoggedPrediction } from '../../contracts/http.ts';
import { timeToLiveAttribute } from '../../contracts/tables.ts';
import type { Key, Table } from '../../platform/table.ts';
import { hourOf, hoursBetween } from './log-hours.ts';
import { timeOfPredictionId } from './prediction-id.ts';
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

/** Says that in one hour scores were given to predictions of another: a key without anything more. */
type ScoredHourItem = Key & Pick<PredictionItem, typeof timeToLiveAttribute>;

/**
 * Writes scores; written again, they are the same items.
 *
 * @param at now: when predictions that are archived already are scored, the archive looks for the scores of that hour
 */
export async function logShadowScores(
  table: Table,
  shadow: ShadowVersion,
  scores: readonly ShadowScore[],
  at: Date,
): Promise<void> {
  const items = scores.map(score => toShadowItem(shadow, score));
  const hours = new Map(
    items.map((item, i): [string, ScoredHourItem] => {
      const { useCase, predictionId } = scores[i]!.prediction;
      const hour = hourOf(timeOfPredictionId(predictionId)!);
      const key = { pk: scoredHoursPartition(useCase, hourOf(at)), sk: hour };
      return [hour, { ...key, [timeToLiveAttribute]: item[timeToLiveAttribute] }];
    }),
  );
  // Before the scores, so that none is overlooked.
  await table.putMany([...hours.values()]);
  await table.putMany(items);
}

/** Reads the hours of predictions, in order, that shadows gave scores to in a time range of whole hours. */
export async function readScoredHours(table: Table, useCase: string, { from, to }: TimeRange): Promise<string[]> {
  const hours = new Set<string>();
  for (const hour of hoursBetween(from, to)) {
    const items = await table.query<ScoredHourItem>(scoredHoursPartition(useCase, hour));
    for (const { sk } of items) hours.add(sk);
  }
  return [...hours].sort();
}

/** @param hour in which the scores were given */
function scoredHoursPartition(useCase: string, hour: string): string {
  return `${useCase}#shadow-hours#${hour}`;
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
export function shadowKey(predictionId: string, version: number): string {
  return `${predictionId}~${version}`;
}
