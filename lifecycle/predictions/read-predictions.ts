import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Table } from '../../platform/table.ts';
import { hourPartitions, hoursBetween } from './log-hours.ts';
import { firstIdPrefix } from './prediction-id.ts';
import { fromItem, type PredictionItem } from './prediction-log.ts';

/** Instants `[from, to)`. */
export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

/** Reads the predictions logged in a time range, by the time of their ids: hour after hour, within an hour in no order. Scores of shadows are none. */
export async function* readPredictions(
  table: Table,
  useCase: string,
  range: TimeRange,
): AsyncGenerator<LoggedPrediction> {
  for await (const item of readLogItems(table, useCase, range)) {
    if (!isShadowScore(item)) yield fromItem(useCase, item);
  }
}

/** Reads the items of a time range as they are: predictions, and right after each the scores that shadows gave it. */
export async function* readLogItems(
  table: Table,
  useCase: string,
  { from, to }: TimeRange,
): AsyncGenerator<PredictionItem> {
  const between = [firstIdPrefix(from), firstIdPrefix(to)] as const;
  for (const hour of hoursBetween(from, to)) {
    const parts = await Promise.all(
      hourPartitions(useCase, hour).map(pk => table.query<PredictionItem>(pk, { between })),
    );
    for (const items of parts) yield* items;
  }
}

/** Whether an item is the score of a shadow, `<predictionId>~<version>`, rather than a prediction. */
export function isShadowScore({ sk }: Pick<PredictionItem, 'sk'>): boolean {
  return sk.includes('~');
}
