import { log } from '../arithmetic/log.ts';
import { sigmoid } from '../arithmetic/sigmoid.ts';
import { binOf, countBins, quantileEdges } from '../drift/histogram.ts';
import { logOdds } from './log-odds.ts';

/** How often rows were positive that scores were near a value of. Log odds throughout; straight lines between the points, and beyond them. Plain JSON. */
export interface BinnedCalibration {
  /** Mean of each bin's scores, rising. */
  readonly scored: readonly number[];
  /** What came of the bin's rows. */
  readonly observed: readonly number[];
}

/**
 * Fits a calibration of any shape: bins of about equally many rows, half a row of either label added to each.
 *
 * @param scores of rows that the model behind them was not fitted on
 * @param bins at most. @default 20
 */
export function fitBinnedCalibration(scores: Float64Array, labels: Uint8Array, bins = 20): BinnedCalibration {
  const odds = Float32Array.from(logOdds(scores));
  const edges = quantileEdges(odds, bins);
  const counts = countBins(odds, edges);
  const positives = countBins(
    odds.filter((_, row) => labels[row] === 1),
    edges,
  );
  const sums = counts.map(() => 0);
  for (const value of odds) sums[binOf(value, edges)]! += value;
  return {
    scored: sums.map((sum, bin) => sum / Math.max(1, counts[bin]!)),
    observed: counts.map((count, bin) => log((positives[bin]! + 0.5) / (count - positives[bin]! + 0.5))),
  };
}

/** Probability of the positive class for each score. */
export function applyBinnedCalibration({ scored, observed }: BinnedCalibration, scores: Float64Array): Float64Array {
  return logOdds(scores).map(value => {
    if (scored.length === 1) return sigmoid(observed[0]! + value - scored[0]!);
    const right = Math.min(Math.max(1, binOf(value, scored)), scored.length - 1);
    const [from, to] = [scored[right - 1]!, scored[right]!];
    const [low, high] = [observed[right - 1]!, observed[right]!];
    return sigmoid(low + ((high - low) * (value - from)) / (to - from));
  });
}
