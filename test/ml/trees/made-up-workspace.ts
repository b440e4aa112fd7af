import type { Random } from '../../../ml/random.ts';
import { type FeatureBins, findCuts } from '../../../ml/trees/binning.ts';
import { fillBins } from '../../../ml/trees/fill-bins.ts';
import { classBytes, words } from '../../../ml/trees/kernels/memory-map.ts';
import type { GrowOptions } from '../../../ml/trees/node.ts';
import type { Threads } from '../../../ml/trees/threads.ts';
import { openWorkspace, type Workspace } from '../../../ml/trees/workspace.ts';
import { roundToEven } from './naive-tree.ts';

/** Options of a tree that is held back by nothing. */
export const freeOptions: GrowOptions = {
  growth: 'depth-wise',
  maxDepth: 10,
  maxLeaves: 1_000,
  lambda: 0,
  alpha: 0,
  minSplitGain: 0,
  minChildWeight: 0,
  maxDeltaStep: 0,
  directions: new Int8Array(64),
  learningRate: 1,
  oneLevelUpTo: 4,
  categoryLambda: 0,
  categorySmoothing: 0,
};

/** A workspace as for so many threads, of which only this one comes. */
export function pretendThreads(count: number): Threads {
  return { count, start: () => undefined };
}

/** Bins columns: numbers, or levels from 0 (NaN: unknown) where `levels` says how many there are. */
export function binColumns(
  columns: readonly Float32Array[],
  levels: readonly number[],
  threads = 1,
  bins = 255,
  bounded = true,
): Workspace {
  const features = columns.map(
    (values, i): FeatureBins =>
      levels[i]! > 0 ? { kind: 'category', levels: levels[i]! } : { kind: 'number', cuts: findCuts(values, bins) },
  );
  const workspace = openWorkspace({
    rowCount: columns[0]!.length,
    features,
    maxLeaves: 1_024,
    bounded,
    threads: pretendThreads(threads),
  });
  columns.forEach((column, i) => {
    fillBins(workspace, i, values => values.set(column));
  });
  return workspace;
}

/** Bins of each feature's rows. */
export function readBins({ bytes, at, rowCount, features }: Workspace): Uint8Array[] {
  return features.map((_, i) => bytes.slice(at.columnBins + i * rowCount, at.columnBins + (i + 1) * rowCount));
}

/** Puts residuals, and derivatives made from them, into a workspace. */
export function writeResiduals(
  { integers, floats, doubles, at }: Workspace,
  residuals: Float32Array,
  scale: number,
): void {
  doubles.set([1, 1, scale], words.classes / 8);
  doubles.set([-1, 1, scale], (words.classes + classBytes) / 8);
  floats.set(residuals, at.residuals / 4);
  residuals.forEach((residual, row) => {
    const hessian = Math.abs(residual) * (1 - Math.abs(residual));
    integers[at.derivatives / 4 + row] = roundToEven(residual * scale) * 65536 + roundToEven(hessian * scale);
  });
}

/** Columns of all kinds: numbers with missing values, few and many levels with unknown ones. */
export function makeUpColumns(rows: number, random: Random): Float32Array[] {
  const orMissing = (value: number) => (random.uniform() < 0.15 ? Number.NaN : value);
  return [
    Float32Array.from({ length: rows }, () => orMissing(random.integer(12))),
    Float32Array.from({ length: rows }, () => random.normal()),
    Float32Array.from({ length: rows }, () => orMissing(random.integer(4))),
    Float32Array.from({ length: rows }, () => orMissing(random.integer(9))),
  ];
}

/** How many levels each of them has. */
export const madeUpLevels = [0, 0, 4, 9];

/** Residuals in (−1, 1). */
export function makeUpResiduals(rows: number, random: Random): Float32Array {
  return Float32Array.from({ length: rows }, () => 1.9 * random.uniform() - 0.95);
}
