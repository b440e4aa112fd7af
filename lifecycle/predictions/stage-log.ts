import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { outcomesStagingTable, predictionsStagingTable } from '../../use-cases/table-schemas.ts';
import { clearPrefix, stageParts } from '../datasets/staged-parts.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { readOutcomes } from '../outcomes/outcome-log.ts';
import { type ArchivedRow, orderValues, toArchivedRow } from './archived-row.ts';
import { readLateScores } from './late-scores.ts';
import { readLogItems, type TimeRange } from './read-predictions.ts';

export interface StageLogOptions {
  readonly athena: Athena;
  readonly predictions: Table;
  readonly objects: Objects;
  readonly useCase: UseCase;
  /** Number of the run. */
  readonly number: number;
  /** Whole hours of the log, which nobody writes any more. */
  readonly range: TimeRange;
}

/** What lies in the staging tables under a run's number. */
export interface StagedLog {
  readonly predictions: number;
  readonly outcomes: number;
  /** Days that have a prediction, `2026-01-31`, in order. */
  readonly days: readonly string[];
}

/** Writes the predictions and outcomes of a time range as Parquet under a run's number, in place of what an earlier try left there. */
export async function stageLog(options: StageLogOptions): Promise<StagedLog> {
  const { predictions, days } = await stagePredictions(options);
  return { predictions, days, outcomes: await stageOutcomes(options) };
}

/** Deletes what is staged under a run's number. */
export async function clearStagedLog(objects: Objects, useCase: UseCase, number: number): Promise<void> {
  for (const { prefix } of [predictionsStagingTable(useCase), outcomesStagingTable(useCase)]) {
    await clearPrefix(objects, `${prefix}${number}/`);
  }
}

async function stagePredictions(options: StageLogOptions) {
  const { predictions, objects, useCase, number, range } = options;
  const { prefix, columns } = predictionsStagingTable(useCase);
  const parts = await stageParts(objects, `${prefix}${number}/`, columns);
  const days = new Set<string>();
  let rows = 0;
  for await (const item of readLogItems(predictions, useCase.id, range)) {
    await parts.add(orderValues(columns, toArchivedRow(useCase, item)));
    days.add(item.at.slice(0, 'yyyy-mm-dd'.length));
    rows++;
  }
  for await (const item of readLateScores(options)) {
    await parts.add(orderValues(columns, toArchivedRow(useCase, item)));
    rows++;
  }
  await parts.end();
  return { predictions: rows, days: [...days].sort() };
}

async function stageOutcomes({ predictions, objects, useCase, number, range }: StageLogOptions): Promise<number> {
  const { prefix, columns } = outcomesStagingTable(useCase);
  const parts = await stageParts(objects, `${prefix}${number}/`, columns);
  let rows = 0;
  for await (const outcome of readOutcomes(predictions, useCase.id, range)) {
    await parts.add(orderValues(columns, toOutcomeRow(outcome)));
    rows++;
  }
  await parts.end();
  return rows;
}

function toOutcomeRow(outcome: Outcome): ArchivedRow {
  return {
    outcome_id: outcome.outcomeId,
    prediction_id: outcome.predictionId,
    observation_id: outcome.observationId,
    label: outcome.label,
    observed_at: new Date(outcome.observedAt),
    received_at: new Date(outcome.receivedAt),
    received_by: outcome.by,
  };
}
