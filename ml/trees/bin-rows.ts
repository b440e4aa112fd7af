import type { FeatureColumn } from '../columns.ts';
import { encodeFeature, type TreeEncoding } from '../preprocessing/tree-encoding.ts';
import { createRandom } from '../random.ts';
import { type FeatureBins, findCuts } from './binning.ts';
import { type BinTarget, fillBins } from './fill-bins.ts';
import { makeSortingRoom } from './sort-floats.ts';

/**
 * Finds out how values fall into bins.
 *
 * @param rows the only rows looked at; of many, a sample
 */
export function findBins(
  { features }: TreeEncoding,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
  maxBins: number,
): FeatureBins[] {
  const sample = sampleRows(rows);
  const values = new Float32Array(sample.length);
  const room = makeSortingRoom(sample.length);
  return features.map((feature, i): FeatureBins => {
    if (feature.kind === 'category') return { kind: 'category', levels: feature.levels.length };
    encodeFeature(feature, columns[i]!, sample, values);
    return { kind: 'number', cuts: findCuts(values, maxBins, room) };
  });
}

/** Puts rows into the bins that were found. OUT: `target` */
export function binRows(
  target: BinTarget,
  { features }: TreeEncoding,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
): void {
  features.forEach((feature, i) => {
    fillBins(target, i, values => encodeFeature(feature, columns[i]!, rows, values));
  });
}

/** So many rows tell quantiles well enough. */
const sampleSize = 50_000;

/** One row at random of each of as many stretches; all rows where there are few. */
function sampleRows(rows: Int32Array): Int32Array {
  if (rows.length <= sampleSize) return rows;
  const random = createRandom(0);
  return Int32Array.from(
    { length: sampleSize },
    (_, i) => rows[Math.floor(((i + random.uniform()) / sampleSize) * rows.length)]!,
  );
}
