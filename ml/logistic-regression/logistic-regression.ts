import { sigmoid } from '../arithmetic/sigmoid.ts';
import { weighClasses } from '../class-weight.ts';
import type { FeatureColumn, LabelledColumns } from '../columns.ts';
import type { FitOptions } from '../fit-options.ts';
import { encodeRows } from '../preprocessing/design-matrix.ts';
import { fitPreprocessing, type Preprocessing } from '../preprocessing/fit-preprocessing.ts';
import { chooseStrength } from './choose-strength.ts';
import { fitWeights } from './fit-weights.ts';
import { computeMargins, joinWeights } from './log-loss.ts';
import { completeParameters, type LogisticRegressionParameters } from './parameters.ts';
import type { Convergence } from './penalty.ts';
import { startingPoint } from './starting-point.ts';

/** A fitted logistic regression: everything that a prediction or an export needs. */
export interface LogisticRegression {
  readonly algorithm: 'logistic-regression';
  readonly preprocessing: Preprocessing;
  /** One per column of the encoded rows, each a float32. */
  readonly coefficients: Float32Array;
  /** A float32. */
  readonly intercept: number;
  /** The strength fitted with: as given, or chosen. */
  readonly C: number;
  readonly convergence: Convergence;
}

/**
 * Fits preprocessing and weights on the given rows.
 *
 * @param seed decides the inner folds that choose C
 * @throws {RangeError} when the rows are of one class, or parameters are out of range (all of them named)
 */
export function fitLogisticRegression(
  parameters: LogisticRegressionParameters,
  { columns, labels }: LabelledColumns,
  rows: Int32Array,
  seed = 0,
  { groups, onIteration }: FitOptions = {},
): LogisticRegression {
  const { C: givenC, classWeight, ...search } = completeParameters(parameters);
  const picked = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = labels[rows[i]!]!;
  if (!(picked.includes(0) && picked.includes(1))) {
    throw new RangeError(`Cannot fit on ${rows.length} rows of one class: expected both labels 0 and 1`);
  }
  const classWeights = weighClasses(classWeight, picked);
  const C =
    givenC === 'auto' ? chooseStrength({ columns, rows, groups, labels: picked, classWeights, seed, search }) : givenC;
  const preprocessing = fitPreprocessing(columns, rows);
  const weighed = { matrix: encodeRows(preprocessing, columns, rows), labels: picked, classWeights };
  const { weights, iterations, converged } = fitWeights(weighed, startingPoint(weighed), { ...search, C, onIteration });
  const { columnCount } = weighed.matrix;
  return {
    algorithm: 'logistic-regression',
    preprocessing,
    coefficients: Float32Array.from(weights.subarray(0, columnCount)),
    intercept: Math.fround(weights[columnCount + 1]!),
    C,
    convergence: { iterations, converged },
  };
}

/** Probability of the positive class of each given row. */
export function predictLogisticRegression(
  { preprocessing, coefficients, intercept }: LogisticRegression,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
): Float64Array {
  const probabilities = new Float64Array(rows.length);
  const weights = joinWeights(coefficients, intercept);
  computeMargins(encodeRows(preprocessing, columns, rows), weights, 0, rows.length, probabilities);
  return probabilities.map(sigmoid);
}
