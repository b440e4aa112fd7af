import type { Resampled } from './resampled.ts';

/** How decisions and labels meet. A row is decided positive when its score is at or above the threshold. */
export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** Counts the decisions at a threshold. */
export function confusionMatrix(labels: Uint8Array, scores: Float64Array, threshold: number): ConfusionMatrix {
  return countDecisions(labels, scores, threshold, new Int32Array(labels.length).fill(1));
}

/** A metric of the confusion matrix for any number of times that rows count. */
export function resampledDecisions(
  labels: Uint8Array,
  scores: Float64Array,
  threshold: number,
  metric: (matrix: ConfusionMatrix) => number,
): Resampled {
  return counts => metric(countDecisions(labels, scores, threshold, counts));
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

function countDecisions(
  labels: Uint8Array,
  scores: Float64Array,
  threshold: number,
  counts: Int32Array,
): ConfusionMatrix {
  let positives = 0;
  let decided = 0;
  let truePositives = 0;
  let rows = 0;
  for (let row = 0; row < labels.length; row++) {
    const count = counts[row]!;
    const positive = count * labels[row]!;
    rows += count;
    positives += positive;
    if (scores[row]! >= threshold) {
      decided += count;
      truePositives += positive;
    }
  }
  return {
    truePositives,
    falsePositives: decided - truePositives,
    trueNegatives: rows - positives - decided + truePositives,
    falseNegatives: positives - truePositives,
  };
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
