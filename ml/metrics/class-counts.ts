/** Rows by score and label, which is all that a metric reads of them. */
export interface ScoredRows {
  /** The distinct scores, rising: the rows of each are a group. */
  readonly scores: Float64Array;
  /** Twice the number of the row's group, plus its label: its place in `ClassCounts.cells`. */
  readonly cellOfRow: Int32Array;
}

/** How many rows of each class have each score. */
export interface ClassCounts {
  /** Negatives, then positives, of each group in turn, from the lowest score. */
  readonly cells: Int32Array;
  /** Of all groups together. */
  negatives: number;
  positives: number;
}

/** A metric of counted rows; NaN where they do not define it. */
export type CountedMetric = (counts: ClassCounts) => number;

/** Sorts rows into groups of equal scores. @throws {RangeError} when a score is NaN */
export function groupRows(labels: Uint8Array, scores: Float64Array): ScoredRows {
  const sorted = scores.slice().sort();
  if (Number.isNaN(sorted.at(-1))) throw new RangeError('Cannot rank scores: one is NaN');
  const distinct = sorted.filter((score, i) => i === 0 || score !== sorted[i - 1]);
  const cellOfRow = Int32Array.from(labels, (label, row) => 2 * positionOf(scores[row]!, distinct) + label);
  return { scores: distinct, cellOfRow };
}

/** Index of the first entry of `sorted` that is at or above `value`; its length when there is none. */
export function positionOf(value: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts of no row yet. */
export function emptyCounts({ scores }: ScoredRows): ClassCounts {
  return { cells: new Int32Array(2 * scores.length), negatives: 0, positives: 0 };
}

/** Counts row i `times[i]` times. OUT: counted */
export function countRows({ cellOfRow }: ScoredRows, times: ArrayLike<number>, counted: ClassCounts): ClassCounts {
  const { cells } = counted;
  cells.fill(0);
  let rows = 0;
  let positives = 0;
  for (let row = 0; row < cellOfRow.length; row++) {
    const cell = cellOfRow[row]!;
    const count = times[row]!;
    cells[cell]! += count;
    rows += count;
    positives += count & -(cell & 1);
  }
  counted.positives = positives;
  counted.negatives = rows - positives;
  return counted;
}

/** Counts every row once. */
export function countEachRow(rows: ScoredRows): ClassCounts {
  return countRows(rows, new Uint8Array(rows.cellOfRow.length).fill(1), emptyCounts(rows));
}
