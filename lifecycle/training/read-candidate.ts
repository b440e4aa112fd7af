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
  /** As JSON, and what it is instead where another parameter is given; undefined when it has none. */
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

function describeTable(of: string, table: ParameterTable<object, object>): DescribedParameter[] {
  return Object.entries<ParameterRange>(table.ranges).map(([name, { words }]) => ({
    of,
    name,
    default: describeDefault(table, name),
    accepted: words,
  }));
}

function describeDefault({ ranges, complete }: ParameterTable<object, object>, name: string): string | undefined {
  const defaultWith = (given: object) => JSON.stringify((complete(given) as Values)[name]);
  const usual = complete({}) as Values;
  const others = Object.keys(ranges).filter(other => other !== name && usual[other] !== undefined);
  const changed = others.map(other => [other, defaultWith({ [other]: usual[other] })] as const);
  const words = changed
    .filter(([, value]) => value !== defaultWith({}))
    .map(([other, value]) => `${value} with ${other}`);
  return usual[name] === undefined ? undefined : [defaultWith({}), ...words].join(', ');
}

type Values = Readonly<Record<string, unknown>>;
