import { log } from '../arithmetic/log.ts';
import { type CountedMetric, countEachRow, groupRows } from './class-counts.ts';
import { accuracy, countedDecisions, f1, precision, recall, specificity } from './confusion-matrix.ts';
import { countedBrierScore, countedLogLoss } from './probability-losses.ts';
import { countedAveragePrecision, countedKolmogorovSmirnov, countedLift, countedRocAuc } from './ranking.ts';

/** A metric as reports name it. */
export interface Metric {
  readonly higherIsBetter: boolean;
  /**
   * Does what depends on scores alone, so that a bootstrap replicate costs one pass.
   *
   * @param scores the distinct ones, rising
   * @param threshold at or above which a score decides positive; read by decision metrics alone
   */
  readonly prepare: (scores: Float64Array, threshold: number) => CountedMetric;
  /**
   * What knowing nothing but the share of positives reaches: the share as everyone's probability; for accuracy the commoner class, for precision and
   * F1 everyone decided positive. Null for recall and specificity, which a constant decision makes 0 or 1 at will.
   */
  readonly baseRate: (positiveShare: number) => number | null;
}

/** Every metric by name. */
export const metrics = {
  roc_auc: { higherIsBetter: true, prepare: () => countedRocAuc, baseRate: () => 0.5 },
  average_precision: { higherIsBetter: true, prepare: () => countedAveragePrecision, baseRate: share => share },
  log_loss: { higherIsBetter: false, prepare: countedLogLoss, baseRate: entropy },
  brier: { higherIsBetter: false, prepare: countedBrierScore, baseRate: share => share * (1 - share) },
  accuracy: decisionMetric(accuracy, share => Math.max(share, 1 - share)),
  precision: decisionMetric(precision, share => share),
  recall: decisionMetric(recall, () => null),
  f1: decisionMetric(f1, share => (2 * share) / (1 + share)),
  specificity: decisionMetric(specificity, () => null),
  ks: { higherIsBetter: true, prepare: () => countedKolmogorovSmirnov, baseRate: () => 0 },
  /** Among the tenth of the rows that score highest. */
  lift: {
    higherIsBetter: true,
    prepare: () => counts => countedLift(counts, 0.1),
    baseRate: () => 1,
  },
} as const satisfies Record<string, Metric>;

/** Name of a metric. */
export type MetricName = keyof typeof metrics;

/** The names of all metrics. */
export const metricNames = Object.keys(metrics) as readonly MetricName[];

/** Every metric of one set of scores; NaN where the rows do not define it. @param threshold at or above which a score decides positive */
export function measureScores(
  labels: Uint8Array,
  scores: Float64Array,
  threshold: number,
): Readonly<Record<MetricName, number>> {
  const rows = groupRows(labels, scores);
  const counts = countEachRow(rows);
  const values = metricNames.map(name => [name, metrics[name].prepare(rows.scores, threshold)(counts)]);
  return Object.fromEntries(values);
}

function decisionMetric(metric: Parameters<typeof countedDecisions>[2], baseRate: Metric['baseRate']): Metric {
  return {
    higherIsBetter: true,
    prepare: (scores, threshold) => countedDecisions(scores, threshold, metric),
    baseRate,
  };
}

/** Log loss of the share as everyone's probability. */
function entropy(share: number): number {
  if (share === 0 || share === 1) return 0;
  return -share * log(share) - (1 - share) * log(1 - share);
}
