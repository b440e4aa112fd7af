import type { FeatureColumn } from './columns.ts';
import { type GradientBoosting, predictGradientBoosting } from './gradient-boosting/gradient-boosting.ts';
import { type LogisticRegression, predictLogisticRegression } from './logistic-regression/logistic-regression.ts';
import { predictRandomForest, type RandomForest } from './random-forest/random-forest.ts';
import { predictSupportVector, type SupportVector } from './support-vector/support-vector.ts';

/** What an algorithm fitted: everything that a prediction or an export needs. */
export type Fitted = LogisticRegression | GradientBoosting | RandomForest | SupportVector;

/** A fitted model. */
export interface Model {
  /** From which the export is written. */
  readonly fitted: Fitted;
  /**
   * Probability of the positive class, as the exported graph computes it up to float32 rounding.
   *
   * @param columns found by name; categories may list their levels in any order
   * @param rows which rows, in which order @default - all, in order
   */
  predict(columns: readonly FeatureColumn[], rows?: Int32Array): Float64Array;
}

/** The model of what an algorithm fitted. */
export function createModel(fitted: Fitted): Model {
  return { fitted, predict: (columns, rows = allRows(columns)) => predict(fitted, columns, rows) };
}

function predict(fitted: Fitted, columns: readonly FeatureColumn[], rows: Int32Array): Float64Array {
  switch (fitted.algorithm) {
    case 'logistic-regression':
      return predictLogisticRegression(fitted, columns, rows);
    case 'gradient-boosting':
      return predictGradientBoosting(fitted, columns, rows);
    case 'random-forest':
      return predictRandomForest(fitted, columns, rows);
    case 'support-vector':
      return predictSupportVector(fitted, columns, rows);
  }
}

function allRows(columns: readonly FeatureColumn[]): Int32Array {
  const [first] = columns;
  const count = first === undefined ? 0 : first.kind === 'number' ? first.values.length : first.codes.length;
  return Int32Array.from({ length: count }, (_, row) => row);
}
