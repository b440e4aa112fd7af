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

/**
 * Kolmogorov–Smirnov statistic: the greatest difference, over all thresholds, between the shares of positives and of negatives at or above it. NaN
 * without both classes.
 */
export function kolmogorovSmirnov(labels: Uint8Array, scores: Float64Array): number {
  return onEveryRow(resampledKolmogorovSmirnov(labels, scores), labels.length);
}

/** `kolmogorovSmirnov` for any number of times that rows count. */
export function resampledKolmogorovSmirnov(labels: Uint8Array, scores: Float64Array): Resampled {
  return overGroups(labels, scores, (positives, negatives) => {
    const [allPositives, allNegatives] = [total(positives), total(negatives)];
    if (allPositives === 0 || allNegatives === 0) return Number.NaN;
    let greatest = 0;
    let truePositives = 0;
    let falsePositives = 0;
    for (let group = positives.length - 1; group >= 0; group--) {
      truePositives += positives[group]!;
      falsePositives += negatives[group]!;
      greatest = Math.max(greatest, truePositives / allPositives - falsePositives / allNegatives);
    }
    return greatest;
  });
}

/**
 * Lift: how many times as many positives are among the rows of the highest scores as among as many rows taken at random. Of equal scores at the edge,
 * as many rows as fit count, each as positive as their mean. NaN without positives.
 *
 * @param share of rows that are looked at, in (0, 1]
 */
export function liftAt(labels: Uint8Array, scores: Float64Array, share: number): number {
  return onEveryRow(resampledLift(labels, scores, share), labels.length);
}

/** `liftAt` for any number of times that rows count. */
export function resampledLift(labels: Uint8Array, scores: Float64Array, share: number): Resampled {
  return overGroups(labels, scores, (positives, negatives) => {
    const allPositives = total(positives);
    const rows = allPositives + total(negatives);
    let room = share * rows;
    let found = 0;
    for (let group = positives.length - 1; group >= 0 && room > 0; group--) {
      const size = positives[group]! + negatives[group]!;
      if (size === 0) continue;
      const taken = Math.min(size, room);
      found += (positives[group]! * taken) / size;
      room -= taken;
    }
    return found / (share * allPositives);
  });
}

function total(counts: Int32Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
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
