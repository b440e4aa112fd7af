import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { matureUntil } from '../datasets/maturity.ts';
import { latestOutcomes, type Outcome, outcomeOf, outcomeTarget } from '../outcomes/outcome.ts';
import { readOutcomes } from '../outcomes/outcome-log.ts';
import type { ArchivedPredictions } from './archived-evidence.ts';

/** What of a prediction leads to its label. */
export type Labelled = Pick<LoggedPrediction, 'predictionId' | 'observationId' | 'at'>;

/** Predictions, and where their outcomes are. */
export interface LabelOptions {
  readonly predictions: Iterable<Labelled>;
  /** Those of them that are in the archive. */
  readonly archived: Pick<ArchivedPredictions<Labelled>, 'outcomes'>;
  /** What was predicted or received before is in the archive, the rest in the log. */
  readonly archivedBefore: Date;
  readonly until: Date;
}

/**
 * Finds the labels of predictions that are mature at an instant, from the outcomes received until then.
 * A prediction that has an outcome before its time is left out all the same: the early ones are of one kind.
 *
 * @param table the log of predictions and outcomes
 * @returns labels by prediction id; where no outcome came, that of an absent one, or none
 */
export async function findLabels(table: Table, useCase: UseCase, options: LabelOptions): Promise<Map<string, 0 | 1>> {
  const matureAt = matureUntil(useCase, options.until.toISOString()).toISOString();
  const mature = Array.from(options.predictions).filter(({ at }) => at <= matureAt);
  const latest = latestOutcomes(await readOutcomesOf(table, useCase, { ...options, predictions: mature }));
  const labels = new Map<string, 0 | 1>();
  for (const prediction of mature) {
    const label = outcomeOf(latest, prediction)?.label ?? (useCase.label.absentMeans === 'negative' ? 0 : undefined);
    if (label !== undefined) labels.set(prediction.predictionId, label);
  }
  return labels;
}

/** Reads the log from the earliest prediction on, as nothing comes of it before; and keeps only what is asked for, as there may be many others. */
async function readOutcomesOf(
  table: Table,
  { id }: UseCase,
  { predictions, archived, archivedBefore, until }: LabelOptions,
): Promise<Outcome[]> {
  const targets = new Set<string>();
  let earliest = until;
  for (const { predictionId, observationId, at } of predictions) {
    if (new Date(at) < earliest) earliest = new Date(at);
    targets.add(outcomeTarget({ predictionId, observationId: null }));
    if (observationId !== null) targets.add(outcomeTarget({ predictionId: null, observationId }));
  }
  if (targets.size === 0) return [];
  const found = await archived.outcomes(archivedBefore);
  const from = earliest > archivedBefore ? earliest : archivedBefore;
  for await (const outcome of readOutcomes(table, id, { from, to: until }))
    if (targets.has(outcomeTarget(outcome))) found.push(outcome);
  return found;
}
