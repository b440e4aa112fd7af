/** Most bins of values that a feature has; beside them is one for missing values. */
export const maximumBins = 255;
/** Bin of a missing number and of an unknown level, in every feature. */
export const missingBin = 255;

/** How a feature's values fall into bins. */
export type FeatureBins =
  /** Bin b holds the values in (cuts[b − 1], cuts[b]], the last bin those above the last cut. Cuts rise, and are float32. */
  | { readonly kind: 'number'; readonly cuts: Float32Array }
  /** Bin b holds level b. */
  | { readonly kind: 'category'; readonly levels: number };

/** Features cut into bins. */
export interface BinnedMatrix {
  readonly rowCount: number;
  readonly features: readonly FeatureBins[];
  /** Bin of each row, by feature. A byte each: what histograms read most should be small. */
  readonly bins: readonly Uint8Array[];
}

/**
 * Cuts numbers into at most `maxBins` bins of about equal numbers of rows; a level is a bin.
 *
 * @param features one column each, at least one: numbers with NaN for missing, or levels from 0 with −1 for unknown
 * @param levels how many levels each feature has; 0 for a number
 */
export function binFeatures(
  features: readonly Float32Array[],
  levels: readonly number[],
  maxBins: number,
): BinnedMatrix {
  const binned = features.map((values, i): FeatureBins => {
    const count = levels[i]!;
    return count > 0 ? { kind: 'category', levels: count } : { kind: 'number', cuts: findCuts(values, maxBins) };
  });
  return {
    rowCount: features[0]!.length,
    features: binned,
    bins: features.map((values, i) => assignBins(values, binned[i]!)),
  };
}

/** Cuts between all distinct values where those are few, else at quantiles. NaN has no say. */
export function findCuts(values: Float32Array, bins: number): Float32Array {
  const sorted = sortPresent(values);
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const cuts: number[] = [];
  if (distinct.length <= bins) {
    for (let i = 1; i < distinct.length; i++) cuts.push(between(distinct[i - 1]!, distinct[i]!));
  } else {
    for (let i = 1; i < bins; i++) {
      const at = countAtOrBelow(sorted[Math.floor((i * sorted.length) / bins) - 1]!, distinct);
      // A value that fills several bins' shares is cut off once.
      if (at < distinct.length && !(distinct[at - 1]! <= cuts.at(-1)!))
        cuts.push(between(distinct[at - 1]!, distinct[at]!));
    }
  }
  return Float32Array.from(cuts);
}

function sortPresent(values: Float32Array): Float32Array {
  // NaN sorts to the end.
  const sorted = values.slice().sort();
  let count = sorted.length;
  while (count > 0 && Number.isNaN(sorted[count - 1])) count -= 1;
  return sorted.subarray(0, count);
}

/** The middle, rounded to float32 but kept below the upper value: `value <= cut` then parts the two in float32 on every machine. */
function between(below: number, above: number): number {
  const middle = Math.fround(below / 2 + above / 2);
  return middle < above ? middle : below;
}

function assignBins(values: Float32Array, feature: FeatureBins): Uint8Array {
  const bins = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (feature.kind === 'number') bins[row] = Number.isNaN(value) ? missingBin : countBelow(value, feature.cuts);
    else bins[row] = value < 0 ? missingBin : value;
  }
  return bins;
}

/** How many of the rising `sorted` are below the value. */
function countBelow(value: number, sorted: Float32Array): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Number of distinct values up to and with `value`, which is one of them. */
function countAtOrBelow(value: number, distinct: Float32Array): number {
  return countBelow(value, distinct) + 1;
}
