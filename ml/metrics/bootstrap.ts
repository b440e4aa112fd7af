import { createRandom } from '../random.ts';
import { type MetricName, metrics } from './metrics.ts';
import { quantile } from './quantile.ts';
import type { Resampled } from './resampled.ts';

/** How a bootstrap draws. */
export interface BootstrapOptions {
  /** Decides the replicates. */
  readonly seed: number;
  /** @default - 1000 */
  readonly replicates?: number;
}

/** A two-sided interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile intervals of metrics of the same rows: rows are drawn with replacement, the same draws for all metrics. A replicate in which a metric is
 * undefined does not count for it.
 *
 * @param rows how many rows the metrics were prepared on
 * @param level @default - 0.95
 */
export function bootstrapIntervals(
  prepared: readonly Resampled[],
  rows: number,
  { level = 0.95, ...options }: BootstrapOptions & { readonly level?: number },
): Interval[] {
  const values = replicate(rows, options, counts => prepared.map(metric => metric(counts)));
  return prepared.map((_, i) => {
    const sorted = sortDefined(values.map(replicate => replicate[i]!));
    return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
  });
}

/** Two models' scores of the same rows. */
export interface PairedBootstrapOptions extends BootstrapOptions {
  readonly metric: MetricName;
  readonly labels: Uint8Array;
  readonly candidate: Float64Array;
  /** The champion's scores, or the base rate for every row. */
  readonly champion: Float64Array;
  /** Read by decision metrics alone. @default - 0.5 */
  readonly threshold?: number;
  /** Probability that the true improvement is above the lower end. @default - 0.95 */
  readonly confidence?: number;
}

/** How much better a candidate is; above 0 is better, whatever the metric's own direction. */
export interface Improvement {
  readonly improvement: number;
  /** Lower end of the one-sided percentile interval. */
  readonly lowerEnd: number;
}

/** Compares two models by the same draws of the same rows, so that what is hard for both cancels. */
export function pairedBootstrap({
  metric: name,
  labels,
  candidate,
  champion,
  threshold = 0.5,
  confidence = 0.95,
  ...options
}: PairedBootstrapOptions): Improvement {
  const { prepare, higherIsBetter } = metrics[name];
  const ofCandidate = prepare(labels, candidate, threshold);
  const ofChampion = prepare(labels, champion, threshold);
  const improvementOf: Resampled = counts =>
    higherIsBetter ? ofCandidate(counts) - ofChampion(counts) : ofChampion(counts) - ofCandidate(counts);
  const sorted = sortDefined(replicate(labels.length, options, improvementOf));
  return {
    improvement: improvementOf(new Int32Array(labels.length).fill(1)),
    lowerEnd: quantile(sorted, 1 - confidence),
  };
}

/** The results of `measure` over draws of rows with replacement. */
function replicate<T>(
  rows: number,
  { seed, replicates = 1000 }: BootstrapOptions,
  measure: (counts: Int32Array) => T,
): T[] {
  const random = createRandom(seed);
  const counts = new Int32Array(rows);
  return Array.from({ length: replicates }, () => {
    counts.fill(0);
    for (let i = 0; i < rows; i++) counts[random.integer(rows)]! += 1;
    return measure(counts);
  });
}

function sortDefined(values: readonly number[]): Float64Array {
  return Float64Array.from(values.filter(value => !Number.isNaN(value))).sort();
}
