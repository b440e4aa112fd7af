import { type ClassWeight, classWeightRange } from '../class-weight.ts';
import { anyOf, checkParameters, integerIn, oneOf, optional, type ParameterTable, positive } from '../parameters.ts';

/** Parameters of a logistic regression, named as scikit-learn names them. */
export interface LogisticRegressionParameters {
  /** Inverse of the penalty's strength, above 0; 'auto' chooses it by inner folds of the fitted rows. @default - 1 */
  readonly C?: number | 'auto';
  /** Share of the penalty that is L1 rather than L2, in [0, 1]: 1 is the lasso, between is the elastic net. @default - 0 */
  readonly l1Ratio?: number;
  /** @default - every row counts 1 */
  readonly classWeight?: ClassWeight;
  /** Steps at most, of Newton's method or, above 500 encoded columns, of L-BFGS. @default - 1000 */
  readonly maxIter?: number;
  /** Stops when a step promises less than this share of the objective. @default - 1e-9 */
  readonly tolerance?: number;
}

/** Parameters with nothing but the class weight left out. */
export type CompleteParameters = Required<Omit<LogisticRegressionParameters, 'classWeight'>> &
  Pick<LogisticRegressionParameters, 'classWeight'>;

/** A logistic regression's parameters: ranges and defaults. */
export const logisticRegressionTable: ParameterTable<LogisticRegressionParameters, CompleteParameters> = {
  title: 'logistic regression',
  ranges: {
    C: anyOf(positive, oneOf('auto')),
    l1Ratio: {
      words: 'a number in [0, 1]',
      accepts: value => typeof value === 'number' && value >= 0 && value <= 1,
    },
    classWeight: optional(classWeightRange),
    maxIter: integerIn(1, 1_000_000),
    tolerance: positive,
  },
  complete: given => ({ C: 1, l1Ratio: 0, maxIter: 1_000, tolerance: 1e-9, ...given }),
};

/** Fills in the defaults. @throws {InvalidParametersError} naming every parameter that is out of range */
export function completeParameters(parameters: LogisticRegressionParameters): CompleteParameters {
  return checkParameters(logisticRegressionTable, parameters);
}
