import type { Athena } from '../../platform/athena.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { predictionsTable } from '../../use-cases/table-schemas.ts';
import { sqlName, sqlTimestamp } from '../datasets/sql-literal.ts';
import { hourOf } from './log-hours.ts';
import { isShadowScore, readLogItems, type TimeRange } from './read-predictions.ts';
import { readScoredHours, type ShadowItem, shadowKey } from './shadow-scores.ts';

export interface LateScoresOptions {
  readonly athena: Athena;
  readonly predictions: Table;
  readonly useCase: UseCase;
  /** Whole hours, in which the scores were given. */
  readonly range: TimeRange;
}

/** Reads the scores that shadows gave in a time range to predictions of earlier hours, and that are not in the archive of these. */
export async function* readLateScores(options: LateScoresOptions): AsyncGenerator<ShadowItem> {
  const { predictions, useCase, range } = options;
  const scored = await readScoredHours(predictions, useCase.id, range);
  const hours = scored.filter(hour => hour < hourOf(range.from)).map(startOf);
  if (hours.length === 0) return;
  const archived = await readArchived(options, hours);
  for (const from of hours) {
    for await (const item of readLogItems(predictions, useCase.id, { from, to: hoursAfter(from, 1) })) {
      if (isShadowScore(item) && !archived.has(item.sk)) yield item;
    }
  }
}

/** Sort keys of the scores that are archived of some hours, in order. */
async function readArchived({ athena, useCase }: LateScoresOptions, hours: readonly Date[]): Promise<Set<string>> {
  // A prediction's instant and that of its id are a moment apart.
  const [from, to] = [hoursAfter(hours[0]!, -1), hoursAfter(hours.at(-1)!, 2)];
  const rows = await athena.query(
    `SELECT prediction_id, version FROM ${sqlName(predictionsTable(useCase).name)}
WHERE variant = 'shadow' AND "at" >= ${sqlTimestamp(from)} AND "at" < ${sqlTimestamp(to)}`,
  );
  return new Set(rows.map(({ prediction_id, version }) => shadowKey(prediction_id!, Number(version))));
}

function startOf(hour: string): Date {
  return new Date(`${hour}:00:00.000Z`);
}

function hoursAfter(instant: Date, hours: number): Date {
  return new Date(instant.getTime() + hours * 3_600_000);
}
