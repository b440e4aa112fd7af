import { log } from '../arithmetic/log.ts';
import { accuracy, f1, precision, recall, resampledDecisions, specificity } from './confusion-matrix.ts';
import { resampledBrierScore, resampledLogLoss } from './probability-losses.ts';
import { resampledAveragePrecision, resampledKolmogorovSmirnov, resampledLift, resampledRocAuc } from './ranking.ts';
import type { Resampled } from './resampled.ts';

/** A metric as reports name it. */
export interface Metric {
  readonly higherIsBetter: boolean;
  /** @param threshold at or above which a score decides positive; read by decision metrics alone */
  readonly prepare: (labels: Uint8Array, scores: Float64Array, threshold: number) => Resampled;
  /**
   * What knowing nothing but the share of positives reaches: the share as everyone's probability; for accuracy the commoner class, for precision and
   * F1 everyone decided positive. Null for recall and specificity, which a constant decision makes 0 or 1 at will.
   */
  readonly baseRate: (positiveShare: number) => number | null;
}

/** Every metric by name. */
export const metrics = {
  roc_auc: { higherIsBetter: true, prepare: resampledRocAuc, baseRate: () => 0.5 },
  average_precision: { higherIsBetter: true, prepare: resampledAveragePrecision, baseRate: share => share },
  log_loss: { higherIsBetter: false, prepare: resampledLogLoss, baseRate: entropy },
  brier: { higherIsBetter: false, prepare: resampledBrierScore, baseRate: share => share * (1 - share) },
  accuracy: decisionMetric(accuracy, share => Math.max(share, 1 - share)),
  precision: decisionMetric(precision, share => share),
  recall: decisionMetric(recall, () => null),
  f1: decisionMetric(f1, share => (2 * share) / (1 + share)),
  specificity: decisionMetric(specificity, () => null),
  ks: { higherIsBetter: true, prepare: resampledKolmogorovSmirnov, baseRate: () => 0 },
  /** Among the tenth of the rows that score highest. */
  lift: {
    higherIsBetter: true,
    prepare: (labels, scores) => resampledLift(labels, scores, 0.1),
    baseRate: () => 1,
  },
} as const satisfies Record<string, Metric>;

/** Name of a metric. */
export type MetricName = keyof typeof metrics;

function decisionMetric(metric: Parameters<typeof resampledDecisions>[3], baseRate: Metric['baseRate']): Metric {
  return {
    higherIsBetter: true,
    prepare: (labels, scores, threshold) => resampledDecisions(labels, scores, threshold, metric),
    baseRate,
  };
}

/** Log loss of the share as everyone's probability. */
function entropy(share: number): number {
  if (share === 0 || share === 1) return 0;
  return -share * log(share) - (1 - share) * log(1 - share);
}
