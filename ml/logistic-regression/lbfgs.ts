import { createLogLoss, evaluateLogLoss, type LogLoss, type WeighedRows } from './log-loss.ts';
import { absolutePenalty, addSquaredPenalty, type Minimum, type SearchOptions } from './penalty.ts';

/**
 * Minimizes the penalized log loss by L-BFGS, and with an L1 penalty by its orthant-wise form OWL-QN (Andrew and Gao, "Scalable training of
 * L1-regularized log-linear models", 2007). No second derivative is computed or kept: an iteration costs time and memory in proportion to rows and
 * weights, where Newton's grows with the square of the weights.
 *
 * @param start where to begin; not changed
 */
export function minimizeByLbfgs(rows: WeighedRows, start: Float64Array, options: SearchOptions): Minimum {
  const { penalty, maxIter, tolerance, onIteration } = options;
  const block = createLogLoss(rows.matrix, 1);
  const evaluate = (weights: Float64Array): Point => {
    const loss = createLogLoss(rows.matrix, 1);
    evaluateLogLoss(rows, weights, block, loss);
    addSquaredPenalty(loss, weights, penalty);
    return { weights, loss, objective: loss.value + absolutePenalty(weights, penalty) };
  };
  const pairs: Pair[] = [];
  let point = evaluate(start);
  let resting = 0;
  for (let iterations = 1; iterations <= maxIter; iterations++) {
    const slopes = steepestSlopes(point, penalty.l1);
    const direction = findDirection(slopes, pairs, penalty.l1 > 0);
    const promised = -dot(direction, slopes);
    // The model of the first steps is crude, so that one small promise proves little.
    resting = promised / 2 <= tolerance * point.objective ? resting + 1 : 0;
    if (resting === 2 || promised <= 0) return { weights: point.weights, iterations, converged: true };
    const next = searchLine(point, slopes, direction, penalty.l1 > 0, evaluate);
    if (next === undefined) return { weights: point.weights, iterations, converged: true };
    remember(pairs, point, next);
    point = next;
    onIteration?.({ iteration: iterations, training: point.objective / rows.labels.length });
  }
  return { weights: point.weights, iterations: maxIter, converged: false };
}

interface Point {
  readonly weights: Float64Array;
  /** Log loss and squared penalty, which have derivatives everywhere. */
  readonly loss: LogLoss;
  readonly objective: number;
}

/** What a step taught of the curvature. */
interface Pair {
  readonly moved: Float64Array;
  /** By how much the gradient changed. */
  readonly bent: Float64Array;
  /** 1 / (moved · bent). */
  readonly inverse: number;
}

const remembered = 10;

/** The derivative in the direction in which the objective falls fastest: at a weight of 0 that of one side, or 0 if it rises to both. */
function steepestSlopes({ weights, loss: { gradient } }: Point, l1: number): Float64Array {
  const slopes = gradient.slice();
  if (l1 === 0) return slopes;
  for (let i = 0; i < weights.length - 2; i++) {
    if (weights[i] === 0) slopes[i] = Math.min(slopes[i]! + l1, 0) + Math.max(slopes[i]! - l1, 0);
    else slopes[i]! += weights[i]! > 0 ? l1 : -l1;
  }
  return slopes;
}

/** −(inverse Hessian) · slopes, by the two loops over remembered steps. @param orthantWise keeps only what falls in each weight by itself */
function findDirection(slopes: Float64Array, pairs: readonly Pair[], orthantWise: boolean): Float64Array {
  const direction = slopes.map(slope => -slope);
  const shares = pairs.map(() => 0);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { moved, bent, inverse } = pairs[i]!;
    shares[i] = inverse * dot(moved, direction);
    add(direction, bent, -shares[i]!);
  }
  scale(direction, pairs.at(-1) ?? slopes);
  pairs.forEach(({ moved, bent, inverse }, i) => {
    add(direction, moved, shares[i]! - inverse * dot(bent, direction));
  });
  if (orthantWise) {
    for (let i = 0; i < direction.length - 2; i++) if (direction[i]! * slopes[i]! >= 0) direction[i] = 0;
  }
  return direction;
}

/** By the curvature of the last step; without one, to length 1. */
function scale(direction: Float64Array, last: Pair | Float64Array): void {
  const factor =
    last instanceof Float64Array
      ? 1 / Math.sqrt(Math.max(dot(last, last), 1))
      : 1 / (last.inverse * dot(last.bent, last.bent));
  for (let i = 0; i < direction.length; i++) direction[i]! *= factor;
}

/** The first point along the direction that keeps a share of the promised descent; nothing when rounding leaves none. */
function searchLine(
  { weights, objective }: Point,
  slopes: Float64Array,
  direction: Float64Array,
  orthantWise: boolean,
  evaluate: (weights: Float64Array) => Point,
): Point | undefined {
  for (let length = 1; length > 1e-10; length /= 2) {
    const reached = weights.map((weight, i) => weight + length * direction[i]!);
    if (orthantWise) stopAtZero(reached, weights, slopes);
    const next = evaluate(reached);
    // 1e-4 is the usual share (Armijo's rule).
    const promised = reached.reduce((sum, weight, i) => sum + (weights[i]! - weight) * slopes[i]!, 0);
    if (promised > 0 && next.objective <= objective - 1e-4 * promised) return next;
  }
  return undefined;
}

/** A weight does not cross 0 within a step, nor leave it upwards where the objective rises. OUT: `reached` */
function stopAtZero(reached: Float64Array, weights: Float64Array, slopes: Float64Array): void {
  for (let i = 0; i < weights.length - 2; i++) {
    const side = weights[i] === 0 ? -slopes[i]! : weights[i]!;
    if (reached[i]! * side <= 0) reached[i] = 0;
  }
}

/** A step along which the gradient does not rise teaches nothing of a convex function but rounding. */
function remember(pairs: Pair[], from: Point, to: Point): void {
  const moved = to.weights.map((weight, i) => weight - from.weights[i]!);
  const bent = to.loss.gradient.map((slope, i) => slope - from.loss.gradient[i]!);
  const product = dot(moved, bent);
  if (!(product > 1e-12 * dot(bent, bent))) return;
  pairs.push({ moved, bent, inverse: 1 / product });
  if (pairs.length > remembered) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** to += factor · from. */
function add(to: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * from[i]!;
}
