import {
  applyBinnedCalibration,
  type BinnedCalibration,
  drawLogOdds,
  observedLogOdds,
} from '../calibration/binned-calibration.ts';
import { logOdds } from '../calibration/log-odds.ts';
import { drawBinomial } from '../distributions/binomial.ts';
import { drawMultinomial } from '../distributions/multinomial.ts';
import { createRandom } from '../random.ts';
import { type Interval, intervalOf } from './bootstrap.ts';
import type { ClassCounts } from './class-counts.ts';
import type { MetricReport } from './evaluate.ts';
import { type Metric, type MetricName, metricNames, metrics } from './metrics.ts';

/** Rows counted by score. */
export interface ScoreCounts {
  /** Distinct probabilities of the positive class, rising. */
  readonly scores: Float64Array;
  /** Rows of each score. */
  readonly rows: Int32Array;
}

/** How to draw replicates. */
export interface ReplicateOptions {
  /** At or above which a score decides positive. */
  readonly threshold: number;
  readonly seed: number;
  /** @default - 500 */
  readonly replicates?: number;
}

/** Every metric of rows that are counted by score and label, with its 95 % bootstrap interval. */
export function evaluateCounts(
  scores: Float64Array,
  cells: Int32Array,
  { threshold, ...options }: ReplicateOptions,
): Record<MetricName, MetricReport> {
  const measure = prepareAll(scores, threshold);
  const counts = countsOf(cells);
  const rows = counts.positives + counts.negatives;
  const drawn = new Int32Array(cells.length);
  const intervals = replicateMetrics(options, random => {
    drawMultinomial(cells, rows, random, drawn);
    return measure(countsOf(drawn));
  });
  return report(measure(counts), intervals, counts.positives / rows);
}

/**
 * Estimates every metric before there is a label: each row is positive with the probability that its score stands for (confidence-based performance
 * estimation). It holds as far as the calibration does: it sees data drift, and not concept drift. The 95 % interval is that of what comes once there are
 * labels; both these and the calibration are drawn.
 */
export function estimateMetrics(
  { scores, rows }: ScoreCounts,
  calibration: BinnedCalibration,
  { threshold, ...options }: ReplicateOptions,
): Record<MetricName, MetricReport> {
  const measure = prepareAll(scores, threshold);
  const odds = logOdds(scores);
  const expected = countsOf(expectCells(applyBinnedCalibration(calibration, odds, observedLogOdds(calibration)), rows));
  const drawn = new Int32Array(2 * scores.length);
  const intervals = replicateMetrics(options, random => {
    const probabilities = applyBinnedCalibration(calibration, odds, drawLogOdds(calibration, random));
    for (let i = 0; i < scores.length; i++) {
      const positives = drawBinomial(rows[i]!, probabilities[i]!, random);
      drawn[2 * i] = rows[i]! - positives;
      drawn[2 * i + 1] = positives;
    }
    return measure(countsOf(drawn));
  });
  return report(measure(expected), intervals, expected.positives / (expected.positives + expected.negatives));
}

/** Expected rows of each label at each score, as whole numbers in so small a unit that rounding does not matter: no metric depends on the unit. */
function expectCells(probabilities: Float64Array, rows: Int32Array): Int32Array {
  const unit = 1_073_741_824 / rows.reduce((sum, count) => sum + count, 0);
  return Int32Array.from({ length: 2 * rows.length }, (_, cell) => {
    const probability = probabilities[cell >> 1]!;
    return Math.round(rows[cell >> 1]! * (cell % 2 === 1 ? probability : 1 - probability) * unit);
  });
}

type Values = readonly number[];

/** All metrics, in the order of their names. */
function prepareAll(scores: Float64Array, threshold: number): (counts: ClassCounts) => Values {
  const prepared = metricNames.map(name => metrics[name].prepare(scores, threshold));
  return counts => prepared.map(metric => metric(counts));
}

function countsOf(cells: Int32Array): ClassCounts {
  let [negatives, positives] = [0, 0];
  for (let cell = 0; cell < cells.length; cell += 2) {
    negatives += cells[cell]!;
    positives += cells[cell + 1]!;
  }
  return { cells, negatives, positives };
}

function replicateMetrics(
  { seed, replicates = 500 }: Omit<ReplicateOptions, 'threshold'>,
  draw: (random: ReturnType<typeof createRandom>) => Values,
): Interval[] {
  const random = createRandom(seed);
  const values = Array.from({ length: replicates }, () => draw(random));
  return metricNames.map((_, i) => intervalOf(values.map(replicate => replicate[i]!)));
}

function report(
  values: Values,
  intervals: readonly Interval[],
  positiveShare: number,
): Record<MetricName, MetricReport> {
  const entries = metricNames.map((name, i) => {
    const { baseRate }: Metric = metrics[name];
    return [name, { value: values[i]!, ...intervals[i]!, baseRate: baseRate(positiveShare) }];
  });
  return Object.fromEntries(entries);
}
