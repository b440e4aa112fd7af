/** How numbers spread over bins. */
export interface Histogram {
  /** Inner edges, rising, each a float32: bin i holds the values in [edges[i − 1], edges[i]), open at both ends of the row. */
  readonly edges: readonly number[];
  /** Values in each bin: one more than there are edges. */
  readonly counts: readonly number[];
  /** The 1st and the 99th percentile, or the extremes where these are one: values beyond count as these in the figures below, so that a few cannot decide. */
  readonly clip: readonly [number, number];
  /** Mean of each bin's values, and standard deviation within it. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** Standard deviation of all values. */
  readonly deviation: number;
  /** Least and greatest value; null where there is none. */
  readonly range: readonly [number, number] | null;
}

/** Counts values into bins of about equal size, at most `bins` of them. @param values not NaN */
export function buildHistogram(values: Float32Array, bins: number): Histogram {
  const edges = quantileEdges(values, bins);
  const sorted = values.toSorted();
  const range = values.length > 0 ? ([sorted[0]!, sorted.at(-1)!] as const) : null;
  const clip = clipOf(sorted);
  const { counts, means } = sumBins(values, { edges, clip });
  const deviations = spreadOfBins(values, { edges, clip, counts, means });
  return { edges, counts, clip, means, deviations, deviation: spreadOf(values, clip), range };
}

function clipOf(sorted: Float32Array): readonly [number, number] {
  const inner = [
    sorted[Math.floor(sorted.length * 0.01)] ?? 0,
    sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0,
  ] as const;
  return inner[0] < inner[1] ? inner : [sorted[0] ?? 0, sorted.at(-1) ?? 0];
}

/** Rows in each bin, and the mean of their clipped values, 0 where there is none. @param values not NaN */
export function sumBins(
  values: Float32Array,
  { edges, clip: [least, greatest] }: Pick<Histogram, 'edges' | 'clip'>,
): { counts: number[]; means: number[] } {
  const counts = countBins(values, edges);
  const sums = counts.map(() => 0);
  for (const value of values) sums[binOf(value, edges)]! += Math.min(Math.max(value, least), greatest);
  return { counts, means: sums.map((sum, bin) => sum / Math.max(1, counts[bin]!)) };
}

function spreadOfBins(
  values: Float32Array,
  { edges, clip: [least, greatest], counts, means }: Pick<Histogram, 'edges' | 'clip' | 'counts' | 'means'>,
): number[] {
  const squares = counts.map(() => 0);
  for (const value of values) {
    const bin = binOf(value, edges);
    const distance = Math.min(Math.max(value, least), greatest) - means[bin]!;
    squares[bin]! += distance * distance;
  }
  return squares.map((sum, bin) => Math.sqrt(sum / Math.max(1, counts[bin]!)));
}

function spreadOf(values: Float32Array, [least, greatest]: readonly [number, number]): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    const distance = Math.min(Math.max(value, least), greatest) - least;
    sum += distance;
    squares += distance * distance;
  }
  const mean = sum / Math.max(1, values.length);
  return Math.sqrt(Math.max(0, squares / Math.max(1, values.length) - mean * mean));
}

/**
 * The range outside of which a value is out of range. It is wider than the reference's own by a tenth of a standard deviation to either side, so that
 * moving by less does not put all rows that stand at an end outside.
 */
export function acceptedRange({
  range,
  deviation,
}: Pick<Histogram, 'range' | 'deviation'>): readonly [number, number] | null {
  return range && [range[0] - deviation / 10, range[1] + deviation / 10];
}

/**
 * Inner edges of bins that hold about the same number of values each. Every edge is a value that occurs; a value too frequent for its share makes
 * fewer bins, and few distinct values get a bin each.
 *
 * @param values not NaN
 */
export function quantileEdges(values: Float32Array, bins: number): number[] {
  const sorted = values.slice().sort();
  const edges: number[] = [];
  for (let i = 1; i < bins; i++) {
    const edge = sorted[Math.floor((i * sorted.length) / bins)]!;
    if (edge > (edges.at(-1) ?? sorted[0]!)) edges.push(edge);
  }
  return edges;
}

/** Counts the values in each bin, in float32. @param values not NaN */
export function countBins(values: Float32Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) counts[binOf(value, edges)]! += 1;
  return counts;
}

/** How many edges are at or below the value. */
export function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
