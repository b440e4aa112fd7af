import { type ClassCounts, countEachRow, groupRows } from './class-counts.ts';

/** Area under the ROC curve: how often a positive scores above a negative, a tie counting half. NaN without both classes. */
export function rocAuc(labels: Uint8Array, scores: Float64Array): number {
  return countedRocAuc(countEachRow(groupRows(labels, scores)));
}

/** `rocAuc` of counted rows. */
export function countedRocAuc({ cells, negatives, positives }: ClassCounts): number {
  // In halves of a pair, whose sum is exact below 2⁵³.
  let halves = 0;
  let negativesBelow = 0;
  for (let cell = 0; cell < cells.length; cell += 2) {
    halves += cells[cell + 1]! * (2 * negativesBelow + cells[cell]!);
    negativesBelow += cells[cell]!;
  }
  return halves / 2 / (positives * negatives);
}

/**
 * Average precision: the precision at each distinct score, weighted by the recall gained there, without interpolation (as scikit-learn). NaN without
 * positives.
 */
export function averagePrecision(labels: Uint8Array, scores: Float64Array): number {
  return countedAveragePrecision(countEachRow(groupRows(labels, scores)));
}

/** `averagePrecision` of counted rows. */
export function countedAveragePrecision({ cells, positives }: ClassCounts): number {
  let sum = 0;
  let truePositives = 0;
  let decided = 0;
  for (let cell = cells.length - 2; cell >= 0; cell -= 2) {
    const found = cells[cell + 1]!;
    truePositives += found;
    decided += found + cells[cell]!;
    if (found > 0) sum += (found * truePositives) / decided;
  }
  return sum / positives;
}

/**
 * Kolmogorov–Smirnov statistic: the greatest difference, over all thresholds, between the shares of positives and of negatives at or above it. NaN
 * without both classes.
 */
export function kolmogorovSmirnov(labels: Uint8Array, scores: Float64Array): number {
  return countedKolmogorovSmirnov(countEachRow(groupRows(labels, scores)));
}

/** `kolmogorovSmirnov` of counted rows. */
export function countedKolmogorovSmirnov({ cells, negatives, positives }: ClassCounts): number {
  if (positives === 0 || negatives === 0) return Number.NaN;
  // Times positives · negatives: whole numbers.
  let difference = 0;
  let greatest = 0;
  for (let cell = cells.length - 2; cell >= 0; cell -= 2) {
    difference += cells[cell + 1]! * negatives - cells[cell]! * positives;
    if (difference > greatest) greatest = difference;
  }
  return greatest / (positives * negatives);
}

/**
 * Lift: how many times as many positives are among the rows of the highest scores as among as many rows taken at random. Of equal scores at the edge,
 * as many rows as fit count, each as positive as their mean. NaN without positives.
 *
 * @param share of rows that are looked at, in (0, 1]
 */
export function liftAt(labels: Uint8Array, scores: Float64Array, share: number): number {
  return countedLift(countEachRow(groupRows(labels, scores)), share);
}

/** `liftAt` of counted rows. */
export function countedLift({ cells, negatives, positives }: ClassCounts, share: number): number {
  let room = share * (positives + negatives);
  let found = 0;
  for (let cell = cells.length - 2; cell >= 0 && room > 0; cell -= 2) {
    const size = cells[cell]! + cells[cell + 1]!;
    if (size === 0) continue;
    const taken = Math.min(size, room);
    found += (cells[cell + 1]! * taken) / size;
    room -= taken;
  }
  return found / (share * positives);
}
