import type { LogLoss } from './log-loss.ts';

/**
 * Minimizes the quadratic model gradient · d + ½ dᵀ Hessian d + l1 Σ |weight + d| by one weight after another, round and round: each in closed form, by
 * soft thresholding (Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via coordinate descent", 2010). The
 * intercept is not penalized.
 *
 * @returns −d
 */
export function descendByCoordinates({ gradient, hessian }: LogLoss, weights: Float64Array, l1: number): Float64Array {
  const size = weights.length;
  const intercept = size - 1;
  const reached = weights.slice();
  const slopes = gradient.slice();
  for (let round = 0; round < maxRounds; round++) {
    let largest = 0;
    for (let i = 0; i < size; i++) {
      const curvature = hessian[i * size + i]!;
      // A column that is always 0 has no say.
      if (curvature <= 0) continue;
      const before = reached[i]!;
      const aim = before - slopes[i]! / curvature;
      const after = i === intercept ? aim : towardsZero(aim, l1 / curvature);
      if (after === before) continue;
      reached[i] = after;
      addColumn(slopes, hessian, i, after - before);
      largest = Math.max(largest, (after - before) * (after - before) * curvature);
    }
    if (largest < tolerance) break;
  }
  return weights.map((weight, i) => weight - reached[i]!);
}

const maxRounds = 10_000;
/** Twice the log loss that a coordinate's move gains at most where all have come to rest. */
const tolerance = 1e-14;

function towardsZero(value: number, distance: number): number {
  if (value > distance) return value - distance;
  return value < -distance ? value + distance : 0;
}

/** slopes += change · column of the symmetric matrix, of which the upper triangle is at hand. */
function addColumn(slopes: Float64Array, upper: Float64Array, column: number, change: number): void {
  const size = slopes.length;
  for (let i = 0; i < column; i++) slopes[i]! += change * upper[i * size + column]!;
  for (let i = column; i < size; i++) slopes[i]! += change * upper[column * size + i]!;
}
