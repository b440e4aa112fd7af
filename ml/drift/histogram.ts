/** How numbers spread over bins. */
export interface Histogram {
  /** Inner edges, rising, each a float32: bin i holds the values in [edges[i − 1], edges[i]), open at both ends of the row. */
  readonly edges: readonly number[];
  /** Values in each bin: one more than there are edges. */
  readonly counts: readonly number[];
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
function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
