import { countEachRow, groupRows } from './class-counts.ts';

/** Profit of one decision of each kind, in any currency. */
export interface Profit {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly trueNegative: number;
  readonly falseNegative: number;
}

/** A threshold and what deciding by it earned on the rows that chose it. */
export interface ThresholdChoice {
  /** In [0, 1]; a score at or above it decides positive. 0: everyone; 1: no one (but a score of exactly 1). */
  readonly threshold: number;
  readonly profit: number;
  /** Profit of deciding everyone positive, and of deciding no one so. */
  readonly profitOfEveryone: number;
  readonly profitOfNoOne: number;
}

/**
 * The threshold that maximizes total profit. It lies in the middle between two scores, so that float32 rounding moves no row across; of equally
 * profitable ones the highest is taken, which acts least.
 *
 * @param scores probabilities of the positive class
 */
export function bestThreshold(labels: Uint8Array, scores: Float64Array, profit: Profit): ThresholdChoice {
  const rows = groupRows(labels, scores);
  const levels = rows.scores;
  const { cells, positives, negatives } = countEachRow(rows);
  const gained = profit.truePositive - profit.falseNegative;
  const lost = profit.trueNegative - profit.falsePositive;
  const profitOfNoOne = positives * profit.falseNegative + negatives * profit.trueNegative;
  let running = profitOfNoOne;
  let best = running;
  let threshold = 1;
  for (let group = levels.length - 1; group >= 0; group--) {
    running += cells[2 * group + 1]! * gained - cells[2 * group]! * lost;
    if (running > best) {
      best = running;
      threshold = group === 0 ? 0 : (levels[group - 1]! + levels[group]!) / 2;
    }
  }
  return { threshold, profit: best, profitOfEveryone: running, profitOfNoOne };
}
