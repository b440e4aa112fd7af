import { algorithms, completeCandidate } from '../../ml/candidate.ts';
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
