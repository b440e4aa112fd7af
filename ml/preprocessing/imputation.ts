import { missingCode, unseenCode } from '../columns.ts';

/** Median of the values that are not NaN, rounded to float32; 0 when there is none. */
export function median(values: Float32Array): number {
  const present = values.filter(value => !Number.isNaN(value)).sort();
  if (present.length === 0) return 0;
  const upper = present.length >> 1;
  if (present.length % 2 === 1) return present[upper]!;
  return Math.fround((present[upper - 1]! + present[upper]!) / 2);
}

/**
 * How often each level occurs.
 *
 * @param codes indices into the levels, `missingCode` or `unseenCode`
 */
export function countLevels(codes: Int32Array, levels: number): Int32Array {
  const counts = new Int32Array(levels);
  for (const code of codes) if (code !== missingCode && code !== unseenCode) counts[code]! += 1;
  return counts;
}

/** Index of the highest count, the first of equals; −1 when all are 0. */
export function mostFrequent(counts: Int32Array): number {
  let best = -1;
  for (let i = 0; i < counts.length; i++) if (counts[i]! > (counts[best] ?? 0)) best = i;
  return best;
}
