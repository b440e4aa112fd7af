import { hash } from 'node:crypto';
import type { Candidate, UseCase } from '../../use-cases/define-use-case.ts';

/** One candidate to fit and evaluate on one dataset. */
export interface Trial {
  /** The same for whoever trains the same candidate on the same rows by the same code. */
  readonly runId: string;
  /** The algorithm and all its parameters, defaults filled in. */
  readonly parameters: Candidate;
  readonly seed: number;
}

export interface PlanTrialOptions {
  /** sha256 of the dataset's rows. */
  readonly contentHash: string;
  /** sha256 of the trainer's program. */
  readonly codeSha256: string;
}

/** Plans the trial of a use case's candidate. */
export function planTrial({ training }: UseCase, { contentHash, codeSha256 }: PlanTrialOptions): Trial {
  const { seed, candidates } = training;
  const parameters = complete(candidates[0]!);
  const sorted = Object.entries(parameters).sort(([left], [right]) => (left < right ? -1 : 1));
  return { runId: hash('sha256', JSON.stringify([contentHash, codeSha256, sorted, seed]), 'hex'), parameters, seed };
}

/** Fills in the defaults, so that a record tells what ran even after a default has changed. */
function complete(candidate: Candidate): Candidate {
  return { maxIter: 100, ...candidate };
}
