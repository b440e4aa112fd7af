import { selectOrderStatistic } from './order-statistic.ts';

/** Median of the values that are not NaN, rounded to float32; 0 when there is none. */
export function median(values: Float32Array): number {
  const present = withoutMissing(values);
  if (present.length === 0) return 0;
  const middle = present.length >> 1;
  const upper = selectOrderStatistic(present, middle);
  if (present.length % 2 === 1) return upper;
  return Math.fround((largest(present.subarray(0, middle)) + upper) / 2);
}

/** The values that are not NaN, in order. */
export function withoutMissing(values: Float32Array): Float32Array {
  const present = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) present[count++] = values[i]!;
  }
  return present.subarray(0, count);
}

function largest(values: Float32Array): number {
  let result = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) result = Math.max(result, values[i]!);
  return result;
}

/**
 * How often each level occurs in the given rows.
 *
 * @param codes indices into the levels, or below 0: missing or unseen
 */
export function countLevels(codes: Int32Array, rows: Int32Array, levels: number): Int32Array {
  const counts = new Int32Array(levels);
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!;
    if (code >= 0) counts[code]! += 1;
  }
  return counts;
}

/** Index of the highest count, the first of equals; −1 when all are 0. */
export function mostFrequent(counts: Int32Array): number {
  let best = -1;
  for (let i = 0; i < counts.length; i++) if (counts[i]! > (counts[best] ?? 0)) best = i;
  return best;
}
