import { bootstrapIntervals, type Interval } from './bootstrap.ts';
import { type Metric, type MetricName, metrics } from './metrics.ts';
import { onEveryRow } from './resampled.ts';

/** What to evaluate. */
export interface EvaluateOptions {
  readonly labels: Uint8Array;
  /** Probabilities of the positive class. */
  readonly scores: Float64Array;
  /** At or above which a score decides positive. */
  readonly threshold: number;
  /** Decides the bootstrap's draws. */
  readonly seed: number;
  /** @default - 1000 */
  readonly replicates?: number;
}

/** A metric with its 95 % bootstrap interval and what predicting the base rate reaches. NaN where the rows do not define it. */
export interface MetricReport extends Interval {
  readonly value: number;
  /** Null where a constant prediction makes no sense of the metric. */
  readonly baseRate: number | null;
}

/** Every metric of one set of scores. */
export function evaluateScores({
  labels,
  scores,
  threshold,
  ...bootstrap
}: EvaluateOptions): Record<MetricName, MetricReport> {
  const rows = labels.length;
  const positiveShare = labels.reduce((sum, label) => sum + label, 0) / rows;
  const entries: [string, Metric][] = Object.entries(metrics);
  const prepared = entries.map(([, metric]) => metric.prepare(labels, scores, threshold));
  const intervals = bootstrapIntervals(prepared, rows, bootstrap);
  const reports = entries.map(([name, metric], i) => [
    name,
    { value: onEveryRow(prepared[i]!, rows), ...intervals[i]!, baseRate: metric.baseRate(positiveShare) },
  ]);
  return Object.fromEntries(reports);
}
