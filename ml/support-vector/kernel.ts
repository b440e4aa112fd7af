import { exp } from '../arithmetic/exp.ts';
import type { DesignMatrix } from '../preprocessing/design-matrix.ts';

/** How alike two encoded rows are: x·y, or e^(−gamma ‖x − y‖²). */
export type Kernel = { readonly name: 'linear' } | { readonly name: 'rbf'; readonly gamma: number };

/** ‖x‖² of each row. */
export function squaredNorms({ rowCount, numberCount, categoryCount, columnCount, ...rows }: DesignMatrix): Float64Array {
  const norms = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    let sum = 0;
    for (let i = 0; i < numberCount; i++) sum += rows.numbers[row * numberCount + i]! ** 2;
    for (let i = 0; i < categoryCount; i++) sum += rows.indices[row * categoryCount + i]! === columnCount ? 0 : 1;
    norms[row] = sum;
  }
  return norms;
}

/** Rows to measure against, with what is known of them beforehand. */
export interface KernelRows {
  readonly matrix: DesignMatrix;
  readonly norms: Float64Array;
}

/** Prepares rows. */
export function kernelRows(matrix: DesignMatrix): KernelRows {
  return { matrix, norms: squaredNorms(matrix) };
}

/**
 * Kernel of one row with every row of `right`. Of a category the product is 1 if both rows have the same level, so a one-hot column costs nothing.
 *
 * @param values OUT: one per row of `right`; a Float32Array rounds them
 */
export function evaluateKernel(
  kernel: Kernel,
  left: KernelRows,
  row: number,
  right: KernelRows,
  values: Float32Array | Float64Array,
): void {
  multiply(left.matrix, row, right.matrix, products(right.matrix.rowCount));
  const dots = scratch;
  const count = right.matrix.rowCount;
  if (kernel.name === 'linear') {
    for (let i = 0; i < count; i++) values[i] = dots[i]!;
    return;
  }
  const norm = left.norms[row]!;
  for (let i = 0; i < count; i++) {
    // Rounding may leave a distance just below 0.
    values[i] = exp(-kernel.gamma * Math.max(norm + right.norms[i]! - 2 * dots[i]!, 0));
  }
}
