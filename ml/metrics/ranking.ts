import { countGroups, groupByScore, onEveryRow, type Resampled } from './resampled.ts';

/** Area under the ROC curve: how often a positive scores above a negative, a tie counting half. NaN without both classes. */
export function rocAuc(labels: Uint8Array, scores: Float64Array): number {
  return onEveryRow(resampledRocAuc(labels, scores), labels.length);
}

/** `rocAuc` for any number of times that rows count. */
export function resampledRocAuc(labels: Uint8Array, scores: Float64Array): Resampled {
  return overGroups(labels, scores, (positives, negatives) => {
    let wins = 0;
    let positivesBelow = 0;
    let negativesBelow = 0;
    for (let group = 0; group < positives.length; group++) {
      wins += positives[group]! * (negativesBelow + negatives[group]! / 2);
      positivesBelow += positives[group]!;
      negativesBelow += negatives[group]!;
    }
    return wins / (positivesBelow * negativesBelow);
  });
}

/**
 * Average precision: the precision at each distinct score, weighted by the recall gained there, without interpolation (as scikit-learn). NaN without
 * positives.
 */
export function averagePrecision(labels: Uint8Array, scores: Float64Array): number {
  return onEveryRow(resampledAveragePrecision(labels, scores), labels.length);
}

/** `averagePrecision` for any number of times that rows count. */
export function resampledAveragePrecision(labels: Uint8Array, scores: Float64Array): Resampled {
  return overGroups(labels, scores, (positives, negatives) => {
    let sum = 0;
    let truePositives = 0;
    let falsePositives = 0;
    for (let group = positives.length - 1; group >= 0; group--) {
      if (positives[group]! + negatives[group]! === 0) continue;
      truePositives += positives[group]!;
      falsePositives += negatives[group]!;
      sum += (positives[group]! * truePositives) / (truePositives + falsePositives);
    }
    return sum / truePositives;
  });
}

/** A metric of the positives and negatives in each group of equal scores, from the lowest score to the highest. */
function overGroups(
  labels: Uint8Array,
  scores: Float64Array,
  metric: (positives: Int32Array, negatives: Int32Array) => number,
): Resampled {
  const grouped = groupByScore(scores);
  const positives = new Int32Array(grouped.scores.length);
  const negatives = new Int32Array(grouped.scores.length);
  return counts => {
    countGroups(labels, grouped.groups, counts, positives, negatives);
    return metric(positives, negatives);
  };
}
