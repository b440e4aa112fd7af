import { log } from '../arithmetic/log.ts';
import { type CountedMetric, countEachRow, groupRows } from './class-counts.ts';

/** Mean of −ln(probability of the true class), which is taken as 2⁻⁵² at least. */
export function logLoss(labels: Uint8Array, scores: Float64Array): number {
  const rows = groupRows(labels, scores);
  return countedLogLoss(rows.scores)(countEachRow(rows));
}

/** `logLoss` of counted rows. @param scores of each group */
export function countedLogLoss(scores: Float64Array): CountedMetric {
  const lossOf = (probability: number) => -log(Math.max(probability, Number.EPSILON));
  return meanLoss(scores, score => lossOf(1 - score), lossOf);
}

/** Mean of (probability − label)². */
export function brierScore(labels: Uint8Array, scores: Float64Array): number {
  const rows = groupRows(labels, scores);
  return countedBrierScore(rows.scores)(countEachRow(rows));
}

/** `brierScore` of counted rows. @param scores of each group */
export function countedBrierScore(scores: Float64Array): CountedMetric {
  return meanLoss(
    scores,
    score => score * score,
    score => (score - 1) * (score - 1),
  );
}

/** Mean of what a score costs for a negative and for a positive. */
function meanLoss(
  scores: Float64Array,
  ofNegative: (score: number) => number,
  ofPositive: (score: number) => number,
): CountedMetric {
  const losses = new Float64Array(2 * scores.length);
  scores.forEach((score, group) => {
    losses[2 * group] = ofNegative(score);
    losses[2 * group + 1] = ofPositive(score);
  });
  return ({ cells, negatives, positives }) => {
    let sum = 0;
    for (let cell = 0; cell < cells.length; cell++) sum += cells[cell]! * losses[cell]!;
    return sum / (negatives + positives);
  };
}
