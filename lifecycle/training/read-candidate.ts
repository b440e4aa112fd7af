import { algorithms, completeCandidate, parameterTables } from '../../ml/candidate.ts';
import type { Candidate } from '../../ml/model.ts';
import type { ParameterRange, ParameterTable } from '../../ml/parameters.ts';
import { resamplingTables } from '../../ml/resampling/parameters.ts';

/** Thrown when an algorithm is named that no model can be trained by. */
export class UnknownAlgorithmError extends Error {
  override readonly name = 'UnknownAlgorithmError';

  constructor(algorithm: string) {
    super(`Cannot train by "${algorithm}": expected ${algorithms.join(', ')}`);
  }
}

/**
 * Makes a candidate of what someone wrote, with the defaults filled in.
 *
 * @param parameters those of the algorithm, and `resampling`
 * @throws {UnknownAlgorithmError}
 * @throws {InvalidParametersError} naming every parameter that is unknown or out of range
 */
export function readCandidate(algorithm: string, parameters: object): Candidate {
  const known = algorithms.find(name => name === algorithm);
  if (!known) throw new UnknownAlgorithmError(algorithm);
  return completeCandidate(known, parameters);
}

/** A parameter for people: what it is when left out, and what it may be. */
export interface DescribedParameter {
  /** The algorithm, or the method of resampling. */
  readonly of: string;
  readonly name: string;
  /** As JSON; undefined when it has none. */
  readonly default: string | undefined;
  readonly accepted: string;
}

/** Every parameter of every algorithm. */
export function describeParameters(): DescribedParameter[] {
  return algorithms.flatMap(algorithm => describeTable(algorithm, parameterTables[algorithm]));
}

/** Every parameter of every method of resampling. */
export function describeResampling(): DescribedParameter[] {
  return Object.entries(resamplingTables).flatMap(([method, table]) => describeTable(method, table));
}

function describeTable(of: string, { ranges, complete }: ParameterTable<object, object>): DescribedParameter[] {
  const defaults = complete({}) as Readonly<Record<string, unknown>>;
  return Object.entries<ParameterRange>(ranges).map(([name, { words }]) => ({
    of,
    name,
    default: JSON.stringify(defaults[name]),
    accepted: words,
  }));
}
