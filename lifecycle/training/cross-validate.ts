import type { LabelledColumns } from '../../ml/columns.ts';
import type { FitOptions } from '../../ml/fit-options.ts';
import { type MetricName, measureScores, metricNames } from '../../ml/metrics/metrics.ts';
import { type Candidate, fitModel, requireRowLimit } from '../../ml/model.ts';
import { countFolds } from '../../ml/selection/inner-folds.ts';
import { stratifiedKFold } from '../../ml/selection/stratified-k-fold.ts';
import type { CurvePoint } from '../../ml/training-curve.ts';

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

/** The rows that one model has not seen, and what it predicts for them. */
export interface FoldScores {
  /** From 0. */
  readonly fold: number;
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
}

export interface CrossValidateOptions extends Pick<FitOptions, 'threads'> {
  readonly parameters: Candidate;
  readonly seed: number;
  readonly data: LabelledColumns;
  /** Entity of each row of the data: its rows stay on one side. */
  readonly entityIds: ArrayLike<string | number>;
  /** The training rows. */
  readonly rows: Int32Array;
  readonly folds: number;
  /** Told of each fold when it is done. */
  readonly onFold?: (fold: FoldScores) => void;
  /** Told how the fit without a fold comes along. */
  readonly onIteration?: (fold: number, point: CurvePoint) => void;
}

/**
 * Predicts each training row by a model of the other folds.
 *
 * @throws {RangeError} when a label occurs in fewer entities than there are folds
 * @throws {TooManyRowsError} when the candidate cannot be fitted on all of the rows, even if it can without a fold
 */
export function crossValidate({
  data,
  entityIds,
  rows,
  folds,
  parameters,
  seed,
  threads,
  onFold,
  onIteration,
}: CrossValidateOptions): CrossValidation {
  const labels = Uint8Array.from(rows, row => data.labels[row]!);
  requireRowLimit(parameters, labels);
  const entities = Array.from(rows, row => entityIds[row]!);
  const foldOfRow = stratifiedKFold(labels, entities, folds, seed);
  const scores = new Float64Array(rows.length);
  for (let fold = 0; fold < folds; fold++) {
    const model = fitModel(
      parameters,
      data,
      rows.filter((_, index) => foldOfRow[index] !== fold),
      seed,
      { groups: entityIds, threads, onIteration: onIteration && (point => onIteration(fold, point)) },
    );
    const held = Int32Array.from(labels.keys()).filter(index => foldOfRow[index] === fold);
    const predicted = model.predict(
      data.columns,
      held.map(index => rows[index]!),
    );
    held.forEach((index, position) => {
      scores[index] = predicted[position]!;
    });
    onFold?.({ fold, labels: Uint8Array.from(held, index => labels[index]!), scores: predicted });
  }
  return { labels, scores, foldOfRow };
}

/** Computes every metric on each fold apart. @param thresholdOf probability at or above which a fold's rows are decided positive */
export function measureFolds(
  { labels, scores, foldOfRow }: CrossValidation,
  thresholdOf: (fold: number) => number,
): FoldMetrics {
  const ofFolds = Array.from({ length: countFolds(foldOfRow) }, (_, fold) => {
    const isHeld = (_: number, index: number) => foldOfRow[index] === fold;
    return measureScores(labels.filter(isHeld), scores.filter(isHeld), thresholdOf(fold));
  });
  const figures = metricNames.map(name => [name, summarize(ofFolds.map(figures => figures[name]))]);
  return Object.fromEntries(figures);
}

function summarize(folds: readonly number[]): FoldFigure {
  const mean = folds.reduce((sum, figure) => sum + figure, 0) / folds.length;
  const squares = folds.reduce((sum, figure) => sum + (figure - mean) * (figure - mean), 0);
  return { mean, sd: Math.sqrt(squares / (folds.length - 1)), folds };
}
