import { createRandom, type Random } from '../random.ts';
import { countEachRow, countRows, emptyCounts, groupRows } from './class-counts.ts';
import { type MetricName, metrics } from './metrics.ts';
import { quantile } from './quantile.ts';

/** How a bootstrap draws. */
export interface BootstrapOptions {
  /** Decides the replicates. */
  readonly seed: number;
  /** @default - 1000 */
  readonly replicates?: number;
  /** Group (entity) of each row: groups are drawn rather than rows, since rows of one are alike. @default - each row for itself */
  readonly groups?: ArrayLike<string | number> | undefined;
}

/** A two-sided interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A figure of rows of which row i counts `times[i]` times; NaN where the counted rows do not define it. */
export type Resampled = (times: Uint16Array) => number;

/**
 * Percentile intervals of figures of the same rows: rows are drawn with replacement, the same draws for all figures. A replicate in which one is
 * undefined does not count for it.
 *
 * @param rows how many rows the figures are of
 * @param level @default - 0.95
 */
export function bootstrapIntervals(
  figures: readonly Resampled[],
  rows: number,
  { level = 0.95, ...options }: BootstrapOptions & { readonly level?: number },
): Interval[] {
  const values = replicate(rows, options, times => figures.map(figure => figure(times)));
  return figures.map((_, i) =>
    intervalOf(
      values.map(replicate => replicate[i]!),
      level,
    ),
  );
}

/** The percentile interval of the defined ones among replicated values. */
export function intervalOf(values: readonly number[], level = 0.95): Interval {
  const sorted = sortDefined(values);
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
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
  const sign = metrics[name].higherIsBetter ? 1 : -1;
  const [ofCandidate, ofChampion] = [candidate, champion].map(scores => prepareScores(name, labels, scores, threshold));
  const improvementOf: Resampled = times => sign * (ofCandidate!.resampled(times) - ofChampion!.resampled(times));
  const sorted = sortDefined(replicate(labels.length, options, improvementOf));
  return {
    improvement: sign * (ofCandidate!.value - ofChampion!.value),
    lowerEnd: quantile(sorted, 1 - confidence),
  };
}

function prepareScores(name: MetricName, labels: Uint8Array, scores: Float64Array, threshold: number) {
  const rows = groupRows(labels, scores);
  const counts = emptyCounts(rows);
  const metric = metrics[name].prepare(rows.scores, threshold);
  const resampled: Resampled = times => metric(countRows(rows, times, counts));
  return { value: metric(countEachRow(rows)), resampled };
}

/** The results of `measure` over draws of rows, or of groups of them, with replacement. */
export function replicate<T>(
  rows: number,
  { seed, replicates = 1000, groups }: BootstrapOptions,
  measure: (times: Uint16Array) => T,
): T[] {
  const random = createRandom(seed);
  const times = new Uint16Array(rows);
  const draw = groups ? groupDraws(groups, times, random) : rowDraws(times, random);
  return Array.from({ length: replicates }, () => {
    draw();
    return measure(times);
  });
}

/** Draws as many as there are, with replacement. OUT: how often each was drawn */
function rowDraws(times: Uint16Array, random: Random): () => void {
  const drawn = new Int32Array(times.length);
  return () => {
    times.fill(0);
    random.integers(times.length, drawn);
    for (let i = 0; i < drawn.length; i++) times[drawn[i]!]! += 1;
  };
}

/** Draws groups: each row counts as often as its group was drawn. OUT: times */
function groupDraws(groups: ArrayLike<string | number>, times: Uint16Array, random: Random): () => void {
  const numbers = new Map<string | number, number>();
  const groupOfRow = Int32Array.from(times, (_, row) => {
    const group = groups[row]!;
    if (!numbers.has(group)) numbers.set(group, numbers.size);
    return numbers.get(group)!;
  });
  const timesOfGroup = new Uint16Array(numbers.size);
  const draw = rowDraws(timesOfGroup, random);
  return () => {
    draw();
    for (let row = 0; row < times.length; row++) times[row] = timesOfGroup[groupOfRow[row]!]!;
  };
}

function sortDefined(values: readonly number[]): Float64Array {
  return Float64Array.from(values.filter(value => !Number.isNaN(value))).sort();
}
