import { type SortingRoom, sortFloats } from './sort-floats.ts';

/** Most bins of values that a feature has; beside them is one for missing values. */
export const maximumBins = 255;

/** How a feature's values fall into bins; the bin after those is that of missing numbers and unknown levels. */
export type FeatureBins =
  /** Bin b holds the values in (cuts[b − 1], cuts[b]], the last bin those above the last cut. Cuts rise, and are float32. */
  | { readonly kind: 'number'; readonly cuts: Float32Array }
  /** Bin b holds level b. */
  | { readonly kind: 'category'; readonly levels: number };

/** Bin of missing numbers and unknown levels; also how many other bins there are. */
export function missingBinOf(bins: FeatureBins): number {
  return bins.kind === 'number' ? bins.cuts.length + 1 : bins.levels;
}

/**
 * Cuts between all distinct values where those are few, else at quantiles. NaN has no say.
 *
 * @param values in any order
 * @param bins how many at most
 * @param room to sort in
 */
export function findCuts(values: Float32Array, bins: number, room?: SortingRoom): Float32Array {
  const sorted = sortFloats(values, room);
  return Float32Array.from(hasMoreValues(sorted, bins) ? cutAtQuantiles(sorted, bins) : cutEverywhere(sorted));
}

function hasMoreValues(sorted: Float32Array, limit: number): boolean {
  let count = 0;
  for (let i = 0; i < sorted.length && count <= limit; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count += 1;
  return count > limit;
}

function cutEverywhere(sorted: Float32Array): number[] {
  const cuts: number[] = [];
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] !== sorted[i - 1]) cuts.push(between(sorted[i - 1]!, sorted[i]!));
  }
  return cuts;
}

/** A value that fills several bins' shares is cut off once. */
function cutAtQuantiles(sorted: Float32Array, bins: number): number[] {
  const cuts: number[] = [];
  for (let i = 1; i < bins; i++) {
    const below = sorted[Math.floor((i * sorted.length) / bins) - 1]!;
    const above = countUpTo(below, sorted);
    if (above < sorted.length && !(below <= cuts.at(-1)!)) cuts.push(between(below, sorted[above]!));
  }
  return cuts;
}

/** The middle, rounded to float32 but kept below the upper value: `value <= cut` then parts the two in float32 on every machine. */
function between(below: number, above: number): number {
  const middle = Math.fround(below / 2 + above / 2);
  return middle >= below && middle < above ? middle : below;
}

/** How many of the rising `sorted` are not above the value. */
function countUpTo(value: number, sorted: Float32Array): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
