import type { KernelCache } from './kernel-cache.ts';

// Looked up once: where tests run, each look at a global costs more than the comparison.
const { max, min } = Math;

/** The dual problem of a support-vector machine, its weights signed: maximize Σ target · β − ½ βᵀ K β with Σ β = 0 within bounds. */
export interface DualProblem {
  readonly kernelRow: KernelCache;
  /** Kernel of each row with itself. */
  readonly diagonal: Float64Array;
  /** 1 or −1 for each row. */
  readonly targets: Float64Array;
  /** Bounds of the weights: [0, C] for a positive row, [−C, 0] for a negative one. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** When to stop. */
export interface SmoOptions {
  /** Violation of the conditions of optimality that still counts as none; above 0. */
  readonly tolerance: number;
  /** Steps at most; −1: any number. */
  readonly maxIter: number;
}

/** The solution, as far as it was reached: f(x) = Σ weight · K(row, x) + bias. */
export interface SmoResult {
  readonly weights: Float64Array;
  readonly bias: number;
  /** Steps taken. */
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Solves the dual problem by sequential minimal optimization: each step raises one weight and lowers another by as much. Raised is the row that
 * violates optimality most, lowered the one that then promises most by second-order information (Fan, Chen and Lin, "Working set selection using
 * second order information for training support vector machines", 2005, WSS 2); of equals the first.
 *
 * Rows whose weight seems to have come to rest at a bound are left out of the search now and then (shrinking), and looked at again before the end.
 */
export function solveDual(problem: DualProblem, { tolerance, maxIter }: SmoOptions): SmoResult {
  const state = startAtZero(problem);
  let iterations = 0;
  findExtremes(state);
  while (!isOptimal(problem, state, tolerance) && iterations !== maxIter) {
    if (iterations % stepsBetweenShrinking === stepsBetweenShrinking - 1) shrink(state);
    const raisedRow = problem.kernelRow(state.raised);
    const lowered = findPartner(problem, state, raisedRow);
    const length = exchange(problem, state, lowered, raisedRow);
    climb(state, length, raisedRow, problem.kernelRow(lowered));
    iterations += 1;
  }
  const converged = state.highest - state.lowest < tolerance;
  return { weights: state.weights, bias: findBias(problem, state), iterations, converged };
}

const stepsBetweenShrinking = 1_000;

interface State {
  readonly weights: Float64Array;
  /** Derivative of the objective by each weight: target − Σ β K. */
  readonly slopes: Float64Array;
  /** 0 for a weight that may rise, else −∞: added to a slope it takes the row out of the search for the highest, without a branch. */
  readonly risingBar: Float64Array;
  /** 0 for a weight that may fall, else +∞. */
  readonly fallingBar: Float64Array;
  /** Rows that are searched, rising; the slopes of all others are out of date. */
  active: Int32Array;
  /** Highest slope of the weights that may rise, its row, and the lowest slope of those that may fall: at the optimum highest ≤ lowest. */
  highest: number;
  raised: number;
  lowest: number;
}

function startAtZero({ targets, lower, upper }: DualProblem): State {
  return {
    weights: new Float64Array(targets.length),
    slopes: targets.slice(),
    risingBar: upper.map(bound => (bound > 0 ? 0 : Number.NEGATIVE_INFINITY)),
    fallingBar: lower.map(bound => (bound < 0 ? 0 : Number.POSITIVE_INFINITY)),
    active: Int32Array.from(targets.keys()),
    highest: 0,
    raised: 0,
    lowest: 0,
  };
}

/** Whether no searched row violates optimality; where some are left out, they are brought back and searched first. */
function isOptimal(problem: DualProblem, state: State, tolerance: number): boolean {
  if (state.highest - state.lowest >= tolerance) return false;
  if (state.active.length === state.weights.length) return true;
  restore(problem, state);
  findExtremes(state);
  return state.highest - state.lowest < tolerance;
}

/** Leaves out the rows at a bound whose slope lies beyond that of every row that they could be paired with. */
function shrink(state: State): void {
  const { slopes, risingBar, fallingBar, highest, lowest } = state;
  state.active = state.active.filter(row => {
    if (risingBar[row] !== 0) return slopes[row]! <= highest;
    return fallingBar[row] === 0 || slopes[row]! >= lowest;
  });
}

/** Brings all rows back: the slopes of those left out are summed anew. */
function restore({ kernelRow, targets }: DualProblem, state: State): void {
  const { weights, slopes, active } = state;
  const isActive = new Uint8Array(weights.length);
  for (const row of active) isActive[row] = 1;
  const all = Int32Array.from(weights.keys());
  const inactive = all.filter(row => isActive[row] === 0);
  for (const row of inactive) slopes[row] = targets[row]!;
  for (let support = 0; support < weights.length; support++) {
    const weight = weights[support]!;
    if (weight === 0) continue;
    const values = kernelRow(support);
    for (let i = 0; i < inactive.length; i++) slopes[inactive[i]!]! -= weight * values[inactive[i]!]!;
  }
  state.active = all;
}

/** Finds the extreme slopes. */
function findExtremes(state: State): void {
  const nothing = new Float32Array(state.weights.length);
  climb(state, 0, nothing, nothing);
}

/** Updates the slopes after weights were exchanged, and finds the extreme ones. */
function climb(state: State, length: number, raisedRow: Float32Array, loweredRow: Float32Array): void {
  const { slopes, risingBar, fallingBar, active } = state;
  let highest = Number.NEGATIVE_INFINITY;
  let raised = -1;
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < active.length; i++) {
    const row = active[i]!;
    const slope = slopes[row]! - length * (raisedRow[row]! - loweredRow[row]!);
    slopes[row] = slope;
    const rising = slope + risingBar[row]!;
    if (rising > highest) {
      highest = rising;
      raised = row;
    }
    lowest = min(lowest, slope + fallingBar[row]!);
  }
  state.highest = highest;
  state.raised = raised;
  state.lowest = lowest;
}

/** The row whose weight to lower: of greatest (highest − slope)² / curvature, which is twice what the step would gain without bounds. */
function findPartner({ diagonal }: DualProblem, state: State, raisedRow: Float32Array): number {
  const { slopes, fallingBar, active, highest, raised } = state;
  const raisedDiagonal = diagonal[raised]!;
  let best = 0;
  let partner = -1;
  for (let i = 0; i < active.length; i++) {
    const row = active[i]!;
    const difference = max(highest - slopes[row]! - fallingBar[row]!, 0);
    const curvature = max(raisedDiagonal + diagonal[row]! - 2 * raisedRow[row]!, leastCurvature);
    const gain = (difference * difference) / curvature;
    if (gain > best) {
      best = gain;
      partner = row;
    }
  }
  return partner;
}

/** Stands for a curvature of 0 or, by rounding, below: two rows that are alike. */
const leastCurvature = 1e-12;

/** Moves the two weights as far as the objective rises and the bounds allow. Returns how far. */
function exchange(
  { diagonal, lower, upper }: DualProblem,
  { weights, slopes, risingBar, fallingBar, raised }: State,
  lowered: number,
  raisedRow: Float32Array,
): number {
  const curvature = max(diagonal[raised]! + diagonal[lowered]! - 2 * raisedRow[lowered]!, leastCurvature);
  const wanted = (slopes[raised]! - slopes[lowered]!) / curvature;
  const roomAbove = upper[raised]! - weights[raised]!;
  const roomBelow = weights[lowered]! - lower[lowered]!;
  const length = min(wanted, roomAbove, roomBelow);
  // A weight that reaches its bound is set to it: rounding must not leave it just inside.
  weights[raised] = length === roomAbove ? upper[raised]! : weights[raised]! + length;
  weights[lowered] = length === roomBelow ? lower[lowered]! : weights[lowered]! - length;
  for (const row of [raised, lowered]) {
    risingBar[row] = weights[row]! < upper[row]! ? 0 : Number.NEGATIVE_INFINITY;
    fallingBar[row] = weights[row]! > lower[row]! ? 0 : Number.POSITIVE_INFINITY;
  }
  return length;
}

/** The mean slope of the weights within their bounds, on whose rows f is ±1; without any, the middle of what the others allow. */
function findBias({ lower, upper }: DualProblem, { weights, slopes, highest, lowest }: State): number {
  let sum = 0;
  let free = 0;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row]! > lower[row]! && weights[row]! < upper[row]!) {
      sum += slopes[row]!;
      free += 1;
    }
  }
  return free > 0 ? sum / free : (highest + lowest) / 2;
}
