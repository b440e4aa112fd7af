import { hash } from 'node:crypto';
import type { TrialSize } from '../../contracts/tasks.ts';
import type { Candidate } from '../../ml/model.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { chooseSize, estimateCost, type TrialCost } from './estimate-cost.ts';
import { expandCandidates, sortedParameters } from './expand-candidates.ts';

/** One candidate to fit and evaluate on one dataset. */
export interface Trial {
  /** The same for whoever trains the same candidate on the same rows by the same code. */
  readonly runId: string;
  /** The algorithm and all its parameters, defaults filled in, so that a record tells what ran even after a default has changed. */
  readonly parameters: Candidate;
  readonly seed: number;
}

/** A trial, and the function that it should run on. */
export interface PlannedTrial extends Trial {
  readonly cost: TrialCost;
  readonly size: TrialSize;
}

export interface PlanTrialsOptions {
  /** sha256 of the dataset's rows. */
  readonly contentHash: string;
  /** Rows of the dataset. */
  readonly rows: number;
  /** sha256 of the trainer's program. */
  readonly codeSha256: string;
}

/**
 * Plans the trials of a use case's candidates.
 *
 * @throws {InvalidParametersError} @throws {RangeError} on a grid or search without values
 */
export function planTrials(
  { training, features }: UseCase,
  { contentHash, rows, codeSha256 }: PlanTrialsOptions,
): PlannedTrial[] {
  const { seed, folds } = training;
  return expandCandidates(training.candidates, training).map(parameters => {
    const content = [contentHash, codeSha256, sortedParameters(parameters), seed];
    const cost = estimateCost(parameters, { rows, features: Object.keys(features).length }, folds);
    return { runId: hash('sha256', JSON.stringify(content), 'hex'), parameters, seed, cost, size: chooseSize(cost) };
  });
}
