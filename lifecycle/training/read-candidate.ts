import { algorithms, completeCandidate, parameterTables } from '../../ml/candidate.ts';
import type { Candidate } from '../../ml/model.ts';

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
  readonly algorithm: string;
  readonly name: string;
  /** As JSON; undefined when it has none. */
  readonly default: string | undefined;
  readonly accepted: string;
}

/** Every parameter of every algorithm. */
export function describeParameters(): DescribedParameter[] {
  return algorithms.flatMap(algorithm => {
    const defaults: Readonly<Record<string, unknown>> = { ...completeCandidate(algorithm, {}) };
    const ranges = Object.entries(parameterTables[algorithm].ranges as Record<string, { readonly words: string }>);
    return ranges.map(([name, { words }]) => ({
      algorithm,
      name,
      default: JSON.stringify(defaults[name]),
      accepted: words,
    }));
  });
}
