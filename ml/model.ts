import type { FeatureColumn, LabelledColumns } from './columns.ts';
import type { FitOptions } from './fit-options.ts';
import {
  fitGradientBoosting,
  type GradientBoosting,
  predictGradientBoosting,
} from './gradient-boosting/gradient-boosting.ts';
import type { GradientBoostingParameters } from './gradient-boosting/parameters.ts';
import {
  fitLogisticRegression,
  type LogisticRegression,
  predictLogisticRegression,
} from './logistic-regression/logistic-regression.ts';
import type { LogisticRegressionParameters } from './logistic-regression/parameters.ts';
import type { RandomForestParameters } from './random-forest/parameters.ts';
import { fitRandomForest, predictRandomForest, type RandomForest } from './random-forest/random-forest.ts';
import type { SupportVectorParameters } from './support-vector/parameters.ts';
import { fitSupportVector, predictSupportVector, type SupportVector } from './support-vector/support-vector.ts';

/** An algorithm with its parameters. */
export type Candidate =
  | ({ readonly algorithm: 'logistic-regression' } & LogisticRegressionParameters)
  | ({ readonly algorithm: 'gradient-boosting' } & GradientBoostingParameters)
  | ({ readonly algorithm: 'random-forest' } & RandomForestParameters)
  | ({ readonly algorithm: 'support-vector' } & SupportVectorParameters);

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

/**
 * Fits a model. The same candidate, rows and seed give the same model on every machine.
 *
 * @param rows the only rows looked at, for preprocessing too
 * @param seed decides whatever an algorithm draws
 * @throws {RangeError} when the rows are of one class, or a parameter is out of range
 */
export function fitModel(
  candidate: Candidate,
  data: LabelledColumns,
  rows: Int32Array,
  seed: number,
  options: FitOptions = {},
): Model {
  return createModel(fitCandidate(candidate, data, rows, seed, options));
}

/** The model of what an algorithm fitted. */
export function createModel(fitted: Fitted): Model {
  return { fitted, predict: (columns, rows = allRows(columns)) => predict(fitted, columns, rows) };
}

function fitCandidate(
  candidate: Candidate,
  data: LabelledColumns,
  rows: Int32Array,
  seed: number,
  options: FitOptions,
): Fitted {
  switch (candidate.algorithm) {
    case 'logistic-regression':
      return fitLogisticRegression(candidate, data, rows, seed);
    case 'gradient-boosting':
      return fitGradientBoosting(candidate, data, rows, seed, options);
    case 'random-forest':
      return fitRandomForest(candidate, data, rows, seed, options);
    case 'support-vector':
      return fitSupportVector(candidate, data, rows, seed);
  }
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
