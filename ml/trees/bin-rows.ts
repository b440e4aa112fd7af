import type { FeatureColumn } from '../columns.ts';
import { encodeFeature, fitTreeEncoding, type TreeEncoding } from '../preprocessing/tree-encoding.ts';
import { createRandom } from '../random.ts';
import { type FeatureBins, findCuts, maximumBins } from './binning.ts';
import { fillBins } from './fill-bins.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';

/** What bins are made for. */
export interface BinOptions extends Pick<WorkspaceOptions, 'maxLeaves' | 'bounded' | 'threads'> {
  readonly maxBins: number;
}

/**
 * Encodes rows for trees and puts them into bins.
 *
 * @param rows the only rows looked at
 */
export function binRows(
  columns: readonly FeatureColumn[],
  rows: Int32Array,
  { maxBins, ...options }: BinOptions,
): { readonly encoding: TreeEncoding; readonly workspace: Workspace } {
  const encoding = fitTreeEncoding(columns, rows, maximumBins);
  const sample = sampleRows(rows);
  const features = encoding.features.map((feature, i): FeatureBins => {
    if (feature.kind === 'category') return { kind: 'category', levels: feature.levels.length };
    const values = new Float32Array(sample.length);
    encodeFeature(feature, columns[i]!, sample, values);
    return { kind: 'number', cuts: findCuts(values, maxBins) };
  });
  const workspace = openWorkspace({ rowCount: rows.length, features, ...options });
  encoding.features.forEach((feature, i) => {
    fillBins(workspace, i, values => encodeFeature(feature, columns[i]!, rows, values));
  });
  return { encoding, workspace };
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
