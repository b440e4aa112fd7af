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
  const { cells, first, total } = node;
  let best = { score: Number.NEGATIVE_INFINITY, level: -1 };
  for (const level of present) {
    const score = scoreSplit(cells[first + 2 * level + 1]!, cells[first + 2 * level]!, total, options, bounds);
    if (score > best.score) best = { score, level };
  }
  return makeSplit(node, [best.level], best.score);
}

/** Sorts by insertion: there are few, and mostly in the order of another node already. OUT: `present` */
function sortLevels({ cells, first }: LevelSums, present: number[], smoothing: number): number[] {
  const ratios = present.map(level => cells[first + 2 * level + 1]! / (cells[first + 2 * level]! + smoothing));
  for (let i = 1; i < present.length; i++) {
    const [level, ratio] = [present[i]!, ratios[i]!];
    let place = i;
    for (; place > 0 && ratios[place - 1]! > ratio; place--) {
      present[place] = present[place - 1]!;
      ratios[place] = ratios[place - 1]!;
    }
    present[place] = level;
    ratios[place] = ratio;
  }
  return present;
}

function trySets(node: LevelSums, sorted: number[], options: ScaledOptions, bounds: Bounds): Split | undefined {
  const charged = { ...options, lambda: options.lambda + options.categoryLambda };
  const { cells, first, total } = node;
  const most = sorted.length >> 1;
  let best = { score: Number.NEGATIVE_INFINITY, start: 0, end: 0 };
  for (const fromEnd of [false, true]) {
    let gradient = 0;
    let hessian = 0;
    for (let count = 1; count <= most; count++) {
      const level = sorted[fromEnd ? sorted.length - count : count - 1]!;
      gradient += cells[first + 2 * level + 1]!;
      hessian += cells[first + 2 * level]!;
      const score = scoreSplit(gradient, hessian, total, charged, bounds);
      if (score > best.score) {
        best = fromEnd ? { score, start: sorted.length - count, end: sorted.length } : { score, start: 0, end: count };
      }
    }
  }
  return makeSplit(node, sorted.slice(best.start, best.end), best.score);
}

/** −∞ where a side is too light. */
function scoreSplit(gradient: number, hessian: number, total: Sums, options: ScaledOptions, bounds: Bounds): number {
  const rest = total.hessian - hessian;
  if (!(hessian >= options.minChildWeight && rest >= options.minChildWeight)) return Number.NEGATIVE_INFINITY;
  return leafScore(gradient, hessian, options, bounds) + leafScore(total.gradient - gradient, rest, options, bounds);
}

function makeSplit({ feature, cells, first }: LevelSums, set: number[], score: number): Split | undefined {
  if (score === Number.NEGATIVE_INFINITY) return undefined;
  const left = { gradient: 0, hessian: 0 };
  for (const level of set) {
    left.hessian += cells[first + 2 * level]!;
    left.gradient += cells[first + 2 * level + 1]!;
  }
  return { feature, bin: 0, missingLeft: false, levels: Uint8Array.from(set).sort(), score, left };
}
