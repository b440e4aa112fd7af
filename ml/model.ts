import type { FeatureColumn, LabelledColumns } from './columns.ts';
import {
  fitLogisticRegression,
  type LogisticRegression,
  type LogisticRegressionParameters,
  predictLogisticRegression,
} from './logistic-regression/logistic-regression.ts';

/** An algorithm with its parameters. */
export type Candidate = { readonly algorithm: 'logistic-regression' } & LogisticRegressionParameters;

/** A fitted model. */
export interface Model {
  /** What was fitted, from which the export is written. */
  readonly fitted: LogisticRegression;
  /**
   * Probability of the positive class, as the exported graph computes it up to float32 rounding.
   *
   * @param columns found by name; categories may list their levels in any order
   * @param rows which rows, in which order @default - all, in order
   */
  predict(columns: readonly FeatureColumn[], rows?: Int32Array): Float64Array;
}

/**
 * Fits a model. The same candidate, rows and seed give the same model on every machine.
 *
 * @param rows the only rows looked at, for preprocessing too
 * @param _seed decides whatever an algorithm draws; logistic regression draws nothing
 * @throws {RangeError} when the rows are of one class, or a parameter is out of range
 */
export function fitModel(candidate: Candidate, data: LabelledColumns, rows: Int32Array, _seed: number): Model {
  const fitted = fitLogisticRegression(candidate, data, rows);
  return {
    fitted,
    predict: (columns, picked = allRows(columns)) => predictLogisticRegression(fitted, columns, picked),
  };
}

function allRows(columns: readonly FeatureColumn[]): Int32Array {
  const [first] = columns;
  const count = first === undefined ? 0 : first.kind === 'number' ? first.values.length : first.codes.length;
  return Int32Array.from({ length: count }, (_, row) => row);
}
