import { type BootstrapOptions, bootstrapIntervals, type Interval, type Resampled } from './bootstrap.ts';
import { quantile } from './quantile.ts';

/** How scores are cut into bins. */
export interface CalibrationCurveOptions extends BootstrapOptions {
  /** At most; a bin without a row is left out. @default - 10 */
  readonly bins?: number;
  /** Bins of equal width in [0, 1], or of about equally many rows. @default - 'uniform' */
  readonly strategy?: 'uniform' | 'quantile';
}

/** One bin: what the scores said, and what came. */
export interface CalibrationPoint {
  /** The bin's scores are in (low, high]; the first bin's may be `low` as well. */
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  readonly meanScore: number;
  /** Share of positives, with its 95 % bootstrap interval. */
  readonly positiveShare: number;
  readonly interval: Interval;
}

/**
 * Calibration curve: how often rows of about the same score are positive. Scores that are probabilities lie on the diagonal.
 *
 * @param scores probabilities of the positive class
 * @throws {RangeError} when a score is outside [0, 1]
 */
export function calibrationCurve(
  labels: Uint8Array,
  scores: Float64Array,
  { bins = 10, strategy = 'uniform', ...bootstrap }: CalibrationCurveOptions,
): CalibrationPoint[] {
  if (!(Number.isInteger(bins) && bins > 0)) throw new RangeError(`bins is ${bins}, expected 1 or more`);
  if (!scores.every(score => score >= 0 && score <= 1)) {
    throw new RangeError('Cannot draw a calibration curve: a score is outside [0, 1]');
  }
  const edges = strategy === 'uniform' ? evenEdges(bins) : quantileEdges(scores, bins);
  const binOf = Int32Array.from(scores, score => findBin(edges, score));
  const used = edges.slice(1).flatMap((_, bin) => (binOf.includes(bin) ? [bin] : []));
  const shares = used.map(bin => resampledMeanOf(labels, binOf, bin));
  const intervals = bootstrapIntervals(shares, labels.length, bootstrap);
  const once = new Uint16Array(labels.length).fill(1);
  return used.map((bin, i) => ({
    low: edges[bin]!,
    high: edges[bin + 1]!,
    rows: binOf.reduce((sum, other) => sum + (other === bin ? 1 : 0), 0),
    meanScore: resampledMeanOf(scores, binOf, bin)(once),
    positiveShare: shares[i]!(once),
    interval: intervals[i]!,
  }));
}

function evenEdges(bins: number): number[] {
  return Array.from({ length: bins + 1 }, (_, i) => i / bins);
}

function quantileEdges(scores: Float64Array, bins: number): number[] {
  const sorted = scores.toSorted();
  return evenEdges(bins).map(share => quantile(sorted, share));
}

/** How many of the inner edges are below the score. */
function findBin(edges: readonly number[], score: number): number {
  let bin = 0;
  while (bin < edges.length - 2 && edges[bin + 1]! < score) bin += 1;
  return bin;
}

/** Mean of the values of a bin's rows. */
function resampledMeanOf(values: ArrayLike<number>, binOf: Int32Array, bin: number): Resampled {
  const rows = Int32Array.from(binOf.keys()).filter(row => binOf[row] === bin);
  return times => {
    let sum = 0;
    let count = 0;
    for (const row of rows) {
      sum += times[row]! * values[row]!;
      count += times[row]!;
    }
    return sum / count;
  };
}
