import { log } from '../arithmetic/log.ts';
import { sigmoid } from '../arithmetic/sigmoid.ts';
import { drawGamma } from '../distributions/gamma.ts';
import { binOf, countBins, quantileEdges } from '../drift/histogram.ts';
import type { Random } from '../random.ts';
import { logOdds } from './log-odds.ts';

/** How often rows were positive whose scores were near a value. Plain JSON. */
export interface BinnedCalibration {
  /** Mean log odds of the scores of each bin, rising. */
  readonly scored: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/**
 * Fits a calibration of any shape: bins of about equally many rows, between whose log odds run straight lines.
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
    positives,
    negatives: counts.map((count, bin) => count - positives[bin]!),
  };
}

/** Log odds that the rows of each bin were positive; half a row of either label is added to each. */
export function observedLogOdds({ positives, negatives }: BinnedCalibration): number[] {
  return positives.map((count, bin) => log((count + 0.5) / (negatives[bin]! + 0.5)));
}

/** Log odds that rows of each bin are positive, as far as the rows seen leave them open: drawn from their distribution. */
export function drawLogOdds({ positives, negatives }: BinnedCalibration, random: Random): number[] {
  return positives.map((count, bin) => log(drawGamma(count + 1, random) / drawGamma(negatives[bin]! + 1, random)));
}

/**
 * Probability of the positive class for each score.
 *
 * @param odds log odds of the scores
 * @param observed log odds of the bins
 */
export function applyBinnedCalibration(
  { scored }: BinnedCalibration,
  odds: Float64Array,
  observed: readonly number[],
): Float64Array {
  return odds.map(value => {
    if (scored.length === 1) return sigmoid(observed[0]! + value - scored[0]!);
    const right = Math.min(Math.max(1, binOf(value, scored)), scored.length - 1);
    const [from, to] = [scored[right - 1]!, scored[right]!];
    const [low, high] = [observed[right - 1]!, observed[right]!];
    return sigmoid(low + ((high - low) * (value - from)) / (to - from));
  });
}
