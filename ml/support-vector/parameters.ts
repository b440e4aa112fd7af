import { type ClassWeight, classWeightRange } from '../class-weight.ts';
import { anyOf, checkParameters, oneOf, optional, type ParameterTable, positive } from '../parameters.ts';

/** Parameters of a support-vector machine, named and meant as in scikit-learn's SVC. */
export interface SupportVectorParameters {
  /** @default - 'rbf' */
  readonly kernel?: 'linear' | 'rbf';
  /** Price of a row on the wrong side; above 0. @default - 1 */
  readonly C?: number;
  /** Width of the RBF kernel: a number above 0, 'scale' = 1 / (columns · variance of all encoded values) or 'auto' = 1 / columns. @default - 'scale' */
  readonly gamma?: 'scale' | 'auto' | number;
  /** Steps of the solver at most; −1: any number. @default - -1 */
  readonly maxIter?: number;
  /** Violation of optimality at which the solver stops. @default - 1e-3 */
  readonly tolerance?: number;
  /** @default - every row counts 1 */
  readonly classWeight?: ClassWeight;
}

/** Parameters with nothing but the class weight left out. */
export type CompleteParameters = Required<Omit<SupportVectorParameters, 'classWeight'>> &
  Pick<SupportVectorParameters, 'classWeight'>;

/** A support-vector machine's parameters: ranges and defaults. */
export const supportVectorTable: ParameterTable<SupportVectorParameters, CompleteParameters> = {
  title: 'a support-vector machine',
  ranges: {
    kernel: oneOf('linear', 'rbf'),
    C: positive,
    gamma: anyOf(oneOf('scale', 'auto'), positive),
    maxIter: {
      words: 'an integer above 0, or -1 for no limit',
      accepts: value => Number.isSafeInteger(value) && (value === -1 || (value as number) > 0),
    },
    tolerance: positive,
    classWeight: optional(classWeightRange),
  },
  complete: given => ({ kernel: 'rbf', C: 1, gamma: 'scale', maxIter: -1, tolerance: 1e-3, ...given }),
};

/** Fills in the defaults. @throws {InvalidParametersError} naming every parameter that is out of range */
export function completeParameters(parameters: SupportVectorParameters): CompleteParameters {
  return checkParameters(supportVectorTable, parameters);
}
