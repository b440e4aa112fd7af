import { gradientBoostingTable } from './gradient-boosting/parameters.ts';
import { logisticRegressionTable } from './logistic-regression/parameters.ts';
import type { Candidate } from './model.ts';
import { checkParameters, type ParameterTable } from './parameters.ts';
import { randomForestTable } from './random-forest/parameters.ts';
import { supportVectorTable } from './support-vector/parameters.ts';

/** An algorithm that can be fitted. */
export type Algorithm = Candidate['algorithm'];

/** The parameters of each algorithm: what `fitModel` takes. */
export const parameterTables: Readonly<Record<Algorithm, ParameterTable<object, object>>> = {
  'logistic-regression': logisticRegressionTable,
  'gradient-boosting': gradientBoostingTable,
  'random-forest': randomForestTable,
  'support-vector': supportVectorTable,
};

/** The algorithms that can be fitted. */
export const algorithms = Object.keys(parameterTables) as readonly Algorithm[];

/**
 * Makes a candidate of an algorithm and whatever someone wrote as its parameters, with the defaults filled in.
 *
 * @throws {InvalidParametersError} naming every parameter that is unknown or out of range
 */
export function completeCandidate(algorithm: Algorithm, parameters: object): Candidate {
  // The table has just held the parameters to the algorithm's own.
  return { algorithm, ...checkParameters(parameterTables[algorithm], parameters) } as Candidate;
}
