import { gradientBoostingTable } from './gradient-boosting/parameters.ts';
import { logisticRegressionTable } from './logistic-regression/parameters.ts';
import type { Candidate } from './model.ts';
import { InvalidParametersError, type ParameterTable, reviewParameters } from './parameters.ts';
import { randomForestTable } from './random-forest/parameters.ts';
import { reviewResampling } from './resampling/parameters.ts';
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
 * @param parameters those of the algorithm, and `resampling`
 * @throws {InvalidParametersError} naming every parameter that is unknown or out of range
 */
export function completeCandidate(algorithm: Algorithm, parameters: object): Candidate {
  const { resampling, ...own } = parameters as { readonly resampling?: unknown };
  const table = parameterTables[algorithm];
  const reviewed = reviewParameters(table, own);
  const resampled = resampling === undefined ? undefined : reviewResampling(resampling);
  const problems = [...reviewed.problems, ...(resampled?.problems ?? [])];
  if (problems.length > 0) throw new InvalidParametersError(table.title, problems);
  // The tables have just held the parameters to the algorithm's own.
  return {
    algorithm,
    ...reviewed.completed,
    ...(resampled && { resampling: resampled.completed }),
  } as Candidate;
}
