import type { BinnedMatrix } from './binning.ts';
import type { QuantizedGradients } from './quantized-gradients.ts';

/**
 * Sums of a node's rows by feature and bin, exact integers:
 *
 *     feature 0: g₀ h₀ g₁ h₁ … g₂₅₅ h₂₅₅ | feature 1: g₀ h₀ … | …      (bin 255: missing)
 */
export type Histogram = Int32Array;

/** Places of one feature in a histogram. */
export const featureStride = 512;

/** Sums the derivatives of `rows` into every bin. OUT: `histogram`, a place for each feature of the matrix */
export function buildHistogram(
  { bins }: BinnedMatrix,
  { gradients, hessians }: QuantizedGradients,
  rows: Int32Array,
  histogram: Histogram,
): void {
  histogram.fill(0);
  bins.forEach((column, feature) => {
    const first = feature * featureStride;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const place = first + 2 * column[row]!;
      histogram[place]! += gradients[row]!;
      histogram[place + 1]! += hessians[row]!;
    }
  });
}

/** The sibling's histogram: what the parent has and the child has not. IN: the parent's. OUT: the sibling's, in its place */
export function subtractHistogram(parent: Histogram, child: Histogram): void {
  for (let place = 0; place < parent.length; place++) parent[place]! -= child[place]!;
}
