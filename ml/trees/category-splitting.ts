import { type Bounds, type LeafOptions, leafScore } from './leaf-value.ts';
import type { Split, SplitOptions, Sums } from './split.ts';

/** A node's sums by a category's levels. */
export interface LevelSums {
  readonly feature: number;
  readonly levels: number;
  /** Gradient and hessian of each level, then those of rows of no known level, from place `first` on: h₀ g₀ h₁ g₁ … */
  readonly cells: Int32Array;
  readonly first: number;
  readonly total: Sums;
}

/** Options in units of the quantized derivatives. */
export type ScaledOptions = LeafOptions & SplitOptions;

/**
 * The best split of a node by a category.
 *
 * Few levels are tried one by one. Of many, sets are: in the order of their gradient by hessian the best set is one end of the row (Fisher), where there is
 * no penalty. The side that has fewer levels is the set; rows of any other level, known or not, go right.
 */
export function findCategorySplit(node: LevelSums, options: ScaledOptions, bounds: Bounds): Split | undefined {
  const present = presentLevels(node);
  if (present.length <= options.oneLevelUpTo) return tryLevels(node, present, options, bounds);
  return trySets(node, sortLevels(node, present, options.categorySmoothing), options, bounds);
}

function presentLevels({ cells, first, levels }: LevelSums): number[] {
  const present: number[] = [];
  for (let level = 0; level < levels; level++) {
    const place = first + 2 * level;
    if (cells[place] !== 0 || cells[place + 1] !== 0) present.push(level);
  }
  return present;
}

function tryLevels(node: LevelSums, present: number[], options: ScaledOptions, bounds: Bounds): Split | undefined {
  let best: Split | undefined;
  for (const level of present) {
    const score = scoreSplit(sumOf(node, level), node.total, options, bounds);
    if (score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = makeSplit(node, [level], score, sumOf(node, level));
  }
  return best;
}

function sortLevels({ cells, first }: LevelSums, present: number[], smoothing: number): number[] {
  const ratios = new Map(
    present.map(level => [level, cells[first + 2 * level + 1]! / (cells[first + 2 * level]! + smoothing)]),
  );
  // Sorting is stable: equals keep the order of the levels.
  return present.sort((a, b) => ratios.get(a)! - ratios.get(b)!);
}

function trySets(node: LevelSums, sorted: number[], options: ScaledOptions, bounds: Bounds): Split | undefined {
  const charged = { ...options, lambda: options.lambda + options.categoryLambda };
  let best: { score: number; set: number[]; left: Sums } | undefined;
  for (const order of [sorted, sorted.toReversed()]) {
    let left: Sums = { gradient: 0, hessian: 0 };
    for (let count = 1; 2 * count <= order.length; count++) {
      const added = sumOf(node, order[count - 1]!);
      left = { gradient: left.gradient + added.gradient, hessian: left.hessian + added.hessian };
      const score = scoreSplit(left, node.total, charged, bounds);
      if (score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = { score, set: order.slice(0, count), left };
    }
  }
  return best && makeSplit(node, best.set, best.score, best.left);
}

function sumOf({ cells, first }: LevelSums, level: number): Sums {
  return { hessian: cells[first + 2 * level]!, gradient: cells[first + 2 * level + 1]! };
}

/** −∞ where a side is too light. */
function scoreSplit(left: Sums, total: Sums, options: ScaledOptions, bounds: Bounds): number {
  const right = { gradient: total.gradient - left.gradient, hessian: total.hessian - left.hessian };
  if (!(left.hessian >= options.minChildWeight && right.hessian >= options.minChildWeight)) {
    return Number.NEGATIVE_INFINITY;
  }
  return (
    leafScore(left.gradient, left.hessian, options, bounds) + leafScore(right.gradient, right.hessian, options, bounds)
  );
}

function makeSplit({ feature }: LevelSums, set: number[], score: number, left: Sums): Split | undefined {
  if (score === Number.NEGATIVE_INFINITY) return undefined;
  return { feature, bin: 0, missingLeft: false, levels: Uint8Array.from(set).sort(), score, left };
}
