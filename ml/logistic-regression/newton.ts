import { log } from '../arithmetic/log.ts';
import type { DesignMatrix } from '../preprocessing/design-matrix.ts';
import { solveCholesky } from './cholesky.ts';
import { createLogLoss, evaluateLogLoss, type LogLoss } from './log-loss.ts';

/** What to minimize, and when to stop. */
export interface NewtonOptions {
  /** Inverse of the L2 strength: the objective is Σ log loss + ‖w‖² / (2 C), the intercept not penalized. */
  readonly C: number;
  readonly maxIter: number;
  /** Stops when a step promises less than this share of the objective. */
  readonly tolerance: number;
}

/** How the search for the minimum ended. */
export interface Convergence {
  /** Steps taken. */
  readonly iterations: number;
  readonly converged: boolean;
}

/** The minimum, as far as it was reached. */
export interface NewtonResult extends Convergence {
  /** One per column, 0 for none, then the intercept. */
  readonly weights: Float64Array;
}

/**
 * Minimizes the penalized log loss by Newton's method, halving a step that does not descend. Quadratic convergence: a handful of iterations, each of
 * rows × (numbers + categories)² / 2 additions.
 */
export function minimizeByNewton(matrix: DesignMatrix, labels: Uint8Array, options: NewtonOptions): NewtonResult {
  const weights = startingPoint(matrix, labels);
  const block = createLogLoss(matrix);
  const current = createLogLoss(matrix);
  const objectiveAt = (point: Float64Array) => {
    evaluateLogLoss(matrix, labels, point, block, current);
    penalize(current, point, options.C);
    return current.value;
  };
  let objective = objectiveAt(weights);
  for (let iterations = 1; iterations <= options.maxIter; iterations++) {
    const step = current.gradient.slice();
    solveCholesky(current.hessian, step);
    const descent = dot(step, current.gradient);
    const done = descent / 2 <= options.tolerance * objective;
    let length = 1;
    move(weights, step, -length);
    if (done) return { weights, iterations, converged: true };
    let reached = objectiveAt(weights);
    // 1e-4 is the usual share of the promised descent that a step must keep (Armijo's rule).
    while (!(reached <= objective - 1e-4 * length * descent) && length > 1e-10) {
      move(weights, step, length / 2);
      length /= 2;
      reached = objectiveAt(weights);
    }
    objective = reached;
  }
  return { weights, iterations: options.maxIter, converged: false };
}

/** All weights 0, and the intercept that predicts the share of positives. */
function startingPoint({ columnCount, rowCount }: DesignMatrix, labels: Uint8Array): Float64Array {
  const weights = new Float64Array(columnCount + 2);
  let positives = 0;
  for (let row = 0; row < rowCount; row++) positives += labels[row]!;
  weights[columnCount + 1] = log(positives / (rowCount - positives));
  return weights;
}

/** Adds ‖w‖² / (2 C), and makes the place of "none of the levels" one that no step moves. */
function penalize(sums: LogLoss, weights: Float64Array, C: number): void {
  const { gradient, hessian } = sums;
  const size = gradient.length;
  const none = size - 2;
  for (let i = 0; i < none; i++) {
    sums.value += (weights[i]! * weights[i]!) / (2 * C);
    gradient[i]! += weights[i]! / C;
    hessian[i * size + i]! += 1 / C;
    hessian[i * size + none] = 0;
  }
  gradient[none] = 0;
  hessian[none * size + none] = 1;
  hessian[none * size + none + 1] = 0;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** weights += length · step. */
function move(weights: Float64Array, step: Float64Array, length: number): void {
  for (let i = 0; i < weights.length; i++) weights[i]! += length * step[i]!;
}
