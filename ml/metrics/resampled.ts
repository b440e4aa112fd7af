/**
 * A metric made ready for one set of labels and scores: its value when row i counts `counts[i]` times. NaN where the counted rows do not define it.
 * Whatever depends on labels and scores alone, such as their order, is done before, so that a bootstrap replicate costs one pass.
 */
export type Resampled = (counts: Int32Array) => number;

/** The value with every row counted once. */
export function onEveryRow(metric: Resampled, rows: number): number {
  return metric(new Int32Array(rows).fill(1));
}

/** Rows by their score: equal scores share a group. */
export interface ScoreGroups {
  /** Group of each row; a higher score has a higher group. */
  readonly groups: Int32Array;
  /** Score of each group, rising. */
  readonly scores: Float64Array;
}

/** Sorts rows into groups of equal scores. @throws {RangeError} when a score is NaN */
export function groupByScore(scores: Float64Array): ScoreGroups {
  const sorted = scores.slice().sort();
  if (Number.isNaN(sorted.at(-1))) throw new RangeError('Cannot rank scores: one is NaN');
  const distinct = sorted.filter((score, i) => i === 0 || score !== sorted[i - 1]);
  return { groups: Int32Array.from(scores, score => positionOf(score, distinct)), scores: distinct };
}

/** Index of `value` in `sorted`, which has it. */
function positionOf(value: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Positives and negatives of each group when rows count as often as drawn. OUT: both arrays */
export function countGroups(
  labels: Uint8Array,
  groups: Int32Array,
  counts: Int32Array,
  positives: Int32Array,
  negatives: Int32Array,
): void {
  positives.fill(0);
  negatives.fill(0);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row]!;
    const count = counts[row]!;
    const positive = labels[row]! * count;
    positives[group]! += positive;
    negatives[group]! += count - positive;
  }
}
