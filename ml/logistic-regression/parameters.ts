import { checkParameters, integerIn, type ParameterTable, positive } from '../parameters.ts';

/** Parameters of a logistic regression, named as scikit-learn names them. */
export interface LogisticRegressionParameters {
  /** Inverse of the L2 strength; above 0. @default - 1 */
  readonly C?: number;
  /** Newton steps at most. @default - 100 */
  readonly maxIter?: number;
  /** Stops when a step promises less than this share of the objective. @default - 1e-9 */
  readonly tolerance?: number;
}

/** Parameters with nothing left out. */
export type CompleteParameters = Required<LogisticRegressionParameters>;

/** A logistic regression's parameters: ranges and defaults. */
export const logisticRegressionTable: ParameterTable<LogisticRegressionParameters, CompleteParameters> = {
  title: 'logistic regression',
  ranges: { C: positive, maxIter: integerIn(1, 1_000_000), tolerance: positive },
  complete: given => ({ C: 1, maxIter: 100, tolerance: 1e-9, ...given }),
};

/** Fills in the defaults. @throws {InvalidParametersError} naming every parameter that is out of range */
export function completeParameters(parameters: LogisticRegressionParameters): CompleteParameters {
  return checkParameters(logisticRegressionTable, parameters);
}
