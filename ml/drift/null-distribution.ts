import { drawMultinomial } from '../distributions/multinomial.ts';
import { positionOf } from '../metrics/class-counts.ts';
import { createRandom, type Random } from '../random.ts';
import { drawNullWindow } from './draw-window.ts';
import type { BinnedNumbers } from './effect-size.ts';
import type { Histogram } from './histogram.ts';

// Looked up once: where tests run, each look at a global costs more than a draw.
const { floor, max, sqrt } = Math;

/** A reference in bins, and how far a window is from it. */
export interface DriftTest {
  readonly reference: readonly number[];
  /** Mean and standard deviation of the values in each bin, where the rows are numbers. */
  readonly values: Pick<Histogram, 'means' | 'deviations'> | null;
  /** Greater is farther. @param window of one row or more; its means are 0 where rows are no numbers */
  readonly statistic: (window: BinnedNumbers) => number;
}

/** How a statistic spreads over windows without drift: its values in simulated windows, rising. */
export type NullDistribution = Float64Array;

/** What to simulate. */
export interface SimulationOptions {
  /** Of a window. */
  readonly rows: number;
  readonly windows: number;
  readonly seed: number;
}

/** Simulates windows of so many rows without drift. */
export type Simulator = (test: DriftTest, rows: number) => NullDistribution;

/** A simulator that remembers: windows of equal length have one distribution. */
export function createSimulator(options: Pick<SimulationOptions, 'windows' | 'seed'>): Simulator {
  const known = new Map<readonly number[], Map<number, NullDistribution>>();
  return (test, rows) => {
    const ofReference = known.get(test.reference) ?? new Map<number, NullDistribution>();
    known.set(test.reference, ofReference);
    const distribution = ofReference.get(rows) ?? simulateNull(test, { rows, ...options });
    ofReference.set(rows, distribution);
    return distribution;
  };
}

/** Simulates windows without drift; the reference's own sampling error is part of it. */
export function simulateNull(test: DriftTest, { rows, windows, seed }: SimulationOptions): NullDistribution {
  const random = createRandom(seed);
  const shares = new Float64Array(test.reference.length);
  const window = emptyWindow(test);
  const drawn = Float64Array.from({ length: windows }, () => {
    drawNullWindow(test.reference, rows, random, shares, window.counts);
    drawMeans(test, 0, random, window);
    return test.statistic(window);
  });
  return drawn.sort();
}

function emptyWindow({ reference: { length } }: DriftTest) {
  return { counts: new Int32Array(length), means: new Float64Array(length) };
}

/** Means of a window's bins differ from the reference's as means of so many values do. OUT: the window's means */
function drawMeans(
  { reference, values }: DriftTest,
  shift: number,
  random: Random,
  { counts, means }: ReturnType<typeof emptyWindow>,
): void {
  if (!values) return;
  for (let bin = 0; bin < counts.length; bin++) {
    const deviation = values.deviations[bin]!;
    const error = deviation === 0 ? 0 : deviation * sqrt(1 / max(1, counts[bin]!) + 1 / max(1, reference[bin]!));
    means[bin] = values.means[bin]! + shift + (error === 0 ? 0 : error * random.normal());
  }
}

/** Probability of a statistic as great or greater without drift. The window itself counts as one that was drawn, which makes the test exact. */
export function pValueOf(statistic: number, distribution: NullDistribution): number {
  return (countAtLeast(statistic, distribution) + 1) / (distribution.length + 1);
}

/** Statistics above it, and they alone, have a p-value of at most `level`; infinite where the windows are too few for any. */
export function thresholdAt(level: number, distribution: NullDistribution): number {
  const above = floor(level * (distribution.length + 1)) - 1;
  if (above < 0) return Number.POSITIVE_INFINITY;
  return distribution[distribution.length - 1 - above] ?? Number.NEGATIVE_INFINITY;
}

function countAtLeast(statistic: number, distribution: NullDistribution): number {
  return distribution.length - positionOf(statistic, distribution);
}

/** Windows that have drifted. */
export interface DriftedWindows extends SimulationOptions {
  /** Of the bins, of any sum above 0. */
  readonly weights: ArrayLike<number>;
  /** What every value has moved by, where the rows are numbers. */
  readonly shift: number;
}

/** Probability that a window that has drifted exceeds a threshold. */
export function powerOf(
  test: DriftTest,
  threshold: number,
  { weights, shift, rows, windows, seed }: DriftedWindows,
): number {
  const random = createRandom(seed);
  const window = emptyWindow(test);
  let exceeding = 0;
  for (let i = 0; i < windows; i++) {
    drawMultinomial(weights, rows, random, window.counts);
    drawMeans(test, shift, random, window);
    if (test.statistic(window) > threshold) exceeding += 1;
  }
  return exceeding / windows;
}
