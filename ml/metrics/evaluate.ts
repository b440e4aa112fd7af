import { type BootstrapOptions, type Interval, intervalOf, replicate } from './bootstrap.ts';
import { countRows, emptyCounts, groupRows } from './class-counts.ts';
import { type Metric, type MetricName, measureScores, metricNames, metrics } from './metrics.ts';

/** What to evaluate. */
export interface EvaluateOptions extends BootstrapOptions {
  readonly labels: Uint8Array;
  /** Probabilities of the positive class. */
  readonly scores: Float64Array;
  /** At or above which a score decides positive. */
  readonly threshold: number;
}

/** A metric with its 95 % bootstrap interval and what predicting the base rate reaches. NaN where the rows do not define it. */
export interface MetricReport extends Interval {
  readonly value: number;
  /** Null where a constant prediction makes no sense of the metric. */
  readonly baseRate: number | null;
}

/** Every metric of one set of scores, all from the same draws of rows. */
export function evaluateScores({
  labels,
  scores,
  threshold,
  ...bootstrap
}: EvaluateOptions): Record<MetricName, MetricReport> {
  const positiveShare = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const values = measureScores(labels, scores, threshold);
  const replicates = replicateMetrics(labels, scores, threshold, bootstrap);
  const reports = metricNames.map((name, i) => {
    const { baseRate }: Metric = metrics[name];
    const interval = intervalOf(replicates.map(replicate => replicate[i]!));
    return [name, { value: values[name], ...interval, baseRate: baseRate(positiveShare) }];
  });
  return Object.fromEntries(reports);
}

/** The metrics of each draw of rows, in the order of their names. */
function replicateMetrics(
  labels: Uint8Array,
  scores: Float64Array,
  threshold: number,
  bootstrap: BootstrapOptions,
): number[][] {
  const rows = groupRows(labels, scores);
  // Which rows are drawn does not depend on their order: sorted by score, they are counted from front to back.
  if (!bootstrap.groups) rows.cellOfRow.sort();
  const counts = emptyCounts(rows);
  const prepared = metricNames.map(name => metrics[name].prepare(rows.scores, threshold));
  return replicate(labels.length, bootstrap, times => {
    countRows(rows, times, counts);
    return prepared.map(metric => metric(counts));
  });
}
