import type { FeatureColumn } from '../columns.ts';
import { encodeFeature, type TreeEncoding } from '../preprocessing/tree-encoding.ts';

/**
 * Puts each category's levels into the order of their share of positives. Trees then cut between levels as between numbers, and of all ways to part the
 * levels in two, the best at the root is such a cut (Breiman).
 *
 * @param rows the only rows looked at
 */
export function orderLevels(
  { features }: TreeEncoding,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
  labels: Uint8Array,
): TreeEncoding {
  const overall = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  return {
    features: features.map((feature, i) => {
      if (feature.kind === 'number') return feature;
      const codes = new Float32Array(rows.length);
      encodeFeature(feature, columns[i]!, rows, codes);
      const shares = shareOfPositives(codes, labels, feature.levels.length, overall);
      const order = feature.levels.map((_, level) => level).sort((a, b) => shares[a]! - shares[b]!);
      return { ...feature, levels: order.map(level => feature.levels[level]!) };
    }),
  };
}

/** Of each level, as if it had ten more rows of the overall share: rare levels stay near the middle. */
function shareOfPositives(codes: Float32Array, labels: Uint8Array, levels: number, overall: number): Float64Array {
  const positives = new Float64Array(levels).fill(10 * overall);
  const counts = new Float64Array(levels).fill(10);
  for (let i = 0; i < codes.length; i++) {
    const level = codes[i]!;
    if (Number.isNaN(level)) continue;
    positives[level]! += labels[i]!;
    counts[level]! += 1;
  }
  return positives.map((sum, level) => sum / counts[level]!);
}
