import type { LabelledColumns } from '../../ml/columns.ts';
import { type MetricName, metrics } from '../../ml/metrics/metrics.ts';
import { onEveryRow } from '../../ml/metrics/resampled.ts';
import { fitModel } from '../../ml/model.ts';
import { stratifiedKFold } from '../../ml/selection/stratified-k-fold.ts';
import type { Run } from '../registry/runs.ts';

/** A figure over folds: its mean, the standard deviation of the folds' figures (of a sample), and each fold's own. */
export interface FoldFigure {
  readonly mean: number;
  readonly sd: number;
  readonly folds: readonly number[];
}

export type FoldMetrics = Readonly<Record<MetricName, FoldFigure>>;

/** What cross-validation predicts for each training row, by a model that has not seen it. */
export interface CrossValidation {
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
  /** Fold of each training row, from 0. */
  readonly foldOfRow: Int32Array;
}

export interface CrossValidateOptions extends Pick<Run, 'parameters' | 'seed'> {
  readonly data: LabelledColumns;
  /** Entity of each row of the data: its rows stay on one side. */
  readonly entityIds: readonly string[];
  /** The training rows. */
  readonly rows: Int32Array;
  readonly folds: number;
}

/**
 * Predicts each training row by a model of the other folds.
 *
 * @throws {RangeError} when a label occurs in fewer entities than there are folds
 */
export function crossValidate({
  data,
  entityIds,
  rows,
  folds,
  parameters,
  seed,
}: CrossValidateOptions): CrossValidation {
  const labels = Uint8Array.from(rows, row => data.labels[row]!);
  const entities = Array.from(rows, row => entityIds[row]!);
  const foldOfRow = stratifiedKFold(labels, entities, folds, seed);
  const scores = new Float64Array(rows.length);
  for (let fold = 0; fold < folds; fold++) {
    const model = fitModel(
      parameters,
      data,
      rows.filter((_, index) => foldOfRow[index] !== fold),
      seed,
    );
    const predicted = model.predict(
      data.columns,
      rows.filter((_, index) => foldOfRow[index] === fold),
    );
    let next = 0;
    for (let index = 0; index < rows.length; index++) if (foldOfRow[index] === fold) scores[index] = predicted[next++]!;
  }
  return { labels, scores, foldOfRow };
}

/** Computes every metric on each fold apart. */
export function measureFolds({ labels, scores, foldOfRow }: CrossValidation, threshold: number): FoldMetrics {
  const folds = Math.max(...foldOfRow) + 1;
  const parts = Array.from({ length: folds }, (_, fold) => ({
    labels: labels.filter((_, index) => foldOfRow[index] === fold),
    scores: scores.filter((_, index) => foldOfRow[index] === fold),
  }));
  const names = Object.keys(metrics) as MetricName[];
  const figures = names.map(name => [
    name,
    summarize(
      parts.map(part => onEveryRow(metrics[name].prepare(part.labels, part.scores, threshold), part.labels.length)),
    ),
  ]);
  return Object.fromEntries(figures);
}

function summarize(folds: readonly number[]): FoldFigure {
  const mean = folds.reduce((sum, figure) => sum + figure, 0) / folds.length;
  const squares = folds.reduce((sum, figure) => sum + (figure - mean) * (figure - mean), 0);
  return { mean, sd: Math.sqrt(squares / (folds.length - 1)), folds };
}
