import { type ClassCounts, type CountedMetric, countEachRow, groupRows, positionOf } from './class-counts.ts';

/** How decisions and labels meet. A row is decided positive when its score is at or above the threshold. */
export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** Counts the decisions at a threshold. */
export function confusionMatrix(labels: Uint8Array, scores: Float64Array, threshold: number): ConfusionMatrix {
  const rows = groupRows(labels, scores);
  return countDecisions(countEachRow(rows), positionOf(threshold, rows.scores));
}

/** A metric of the confusion matrix, of counted rows. @param scores of each group */
export function countedDecisions(
  scores: Float64Array,
  threshold: number,
  metric: (matrix: ConfusionMatrix) => number,
): CountedMetric {
  const firstPositive = positionOf(threshold, scores);
  return counts => metric(countDecisions(counts, firstPositive));
}

/** Share of right decisions. */
export function accuracy({ truePositives, falsePositives, trueNegatives, falseNegatives }: ConfusionMatrix): number {
  return (truePositives + trueNegatives) / (truePositives + falsePositives + trueNegatives + falseNegatives);
}

/** Share of positives among the rows decided positive; 0 when there is none. */
export function precision({ truePositives, falsePositives }: ConfusionMatrix): number {
  return shareOf(truePositives, truePositives + falsePositives);
}

/** Share of the positives decided positive; 0 when there is none. */
export function recall({ truePositives, falseNegatives }: ConfusionMatrix): number {
  return shareOf(truePositives, truePositives + falseNegatives);
}

/** Share of the negatives decided negative; 0 when there is none. */
export function specificity({ trueNegatives, falsePositives }: ConfusionMatrix): number {
  return shareOf(trueNegatives, trueNegatives + falsePositives);
}

/** Harmonic mean of precision and recall; 0 when there is neither a positive nor a row decided so. */
export function f1({ truePositives, falsePositives, falseNegatives }: ConfusionMatrix): number {
  return shareOf(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
}

/** @param firstPositive the lowest group that is decided positive */
function countDecisions({ cells, negatives, positives }: ClassCounts, firstPositive: number): ConfusionMatrix {
  let falsePositives = 0;
  let truePositives = 0;
  for (let cell = 2 * firstPositive; cell < cells.length; cell += 2) {
    falsePositives += cells[cell]!;
    truePositives += cells[cell + 1]!;
  }
  return {
    truePositives,
    falsePositives,
    trueNegatives: negatives - falsePositives,
    falseNegatives: positives - truePositives,
  };
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
