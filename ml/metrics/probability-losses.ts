import { log } from '../arithmetic/log.ts';
import { onEveryRow, type Resampled } from './resampled.ts';

/** Mean of −ln(probability of the true class), which is taken as 2⁻⁵² at least. */
export function logLoss(labels: Uint8Array, scores: Float64Array): number {
  return onEveryRow(resampledLogLoss(labels, scores), labels.length);
}

/** `logLoss` for any number of times that rows count. */
export function resampledLogLoss(labels: Uint8Array, scores: Float64Array): Resampled {
  return resampledMean(
    scores.map((score, row) => -log(Math.max(labels[row] === 1 ? score : 1 - score, Number.EPSILON))),
  );
}

/** Mean of (probability − label)². */
export function brierScore(labels: Uint8Array, scores: Float64Array): number {
  return onEveryRow(resampledBrierScore(labels, scores), labels.length);
}

/** `brierScore` for any number of times that rows count. */
export function resampledBrierScore(labels: Uint8Array, scores: Float64Array): Resampled {
  return resampledMean(scores.map((score, row) => (score - labels[row]!) * (score - labels[row]!)));
}

function resampledMean(losses: Float64Array): Resampled {
  return counts => {
    let sum = 0;
    let rows = 0;
    for (let row = 0; row < losses.length; row++) {
      sum += counts[row]! * losses[row]!;
      rows += counts[row]!;
    }
    return sum / rows;
  };
}
