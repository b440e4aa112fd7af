import type { IterationListener } from '../training-curve.ts';
import type { LogLoss } from './log-loss.ts';

/** l1 Σ |w| + l2 Σ w² / 2 over all weights but the intercept. */
export interface Penalty {
  readonly l1: number;
  readonly l2: number;
}

/** How a search for the minimum ended. */
export interface Convergence {
  /** Steps taken. */
  readonly iterations: number;
  readonly converged: boolean;
}

/** The minimum, as far as it was reached. */
export interface Minimum extends Convergence {
  /** One per column, 0 for "none of the levels", then the intercept. */
  readonly weights: Float64Array;
}

/** When to stop. */
export interface SearchOptions {
  readonly penalty: Penalty;
  readonly maxIter: number;
  /** Stops when a step promises less than this share of the objective. */
  readonly tolerance: number;
  readonly onIteration?: IterationListener | undefined;
}

/** Adds the squared part with its derivatives, and makes the place of "none of the levels" one that no step moves. */
export function addSquaredPenalty(sums: LogLoss, weights: Float64Array, { l2 }: Penalty): void {
  const { gradient, hessian } = sums;
  const size = gradient.length;
  const none = size - 2;
  for (let i = 0; i < none; i++) {
    sums.value += (l2 * weights[i]! * weights[i]!) / 2;
    gradient[i]! += l2 * weights[i]!;
  }
  gradient[none] = 0;
  if (hessian.length === 0) return;
  for (let i = 0; i < none; i++) {
    hessian[i * size + i]! += l2;
    hessian[i * size + none] = 0;
  }
  hessian[none * size + none] = 1;
  hessian[none * size + none + 1] = 0;
}

/** The part of absolute values. */
export function absolutePenalty(weights: Float64Array, { l1 }: Penalty): number {
  if (l1 === 0) return 0;
  let sum = 0;
  for (let i = 0; i < weights.length - 2; i++) sum += Math.abs(weights[i]!);
  return l1 * sum;
}
