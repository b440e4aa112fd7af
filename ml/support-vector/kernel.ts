import { exp } from '../arithmetic/exp.ts';
import type { DesignMatrix } from '../preprocessing/design-matrix.ts';

// Looked up once: where tests run, each look at a global costs more than the comparison.
const { max } = Math;

/** How alike two encoded rows are: x·y, or e^(−gamma ‖x − y‖²). */
export type Kernel = { readonly name: 'linear' } | { readonly name: 'rbf'; readonly gamma: number };

/** Encoded rows as kernels read them: by column, since one row is measured against all others at once. */
export interface KernelRows {
  readonly count: number;
  readonly numbers: readonly Float32Array[];
  /** Index of each row's level, a column for each category. */
  readonly levels: readonly Int32Array[];
  /** The index that stands for "none of the levels". */
  readonly none: number;
  /** ‖x‖² of each row. */
  readonly squares: Float64Array;
  /** Scratch: categories in which a row has the same level as the one it is measured against. */
  readonly matches: Int32Array;
}

/** Turns rows into columns. */
export function arrangeRows(matrix: DesignMatrix): KernelRows {
  const { rowCount: count, numberCount, categoryCount, columnCount: none } = matrix;
  const numbers = Array.from({ length: numberCount }, (_, column) => {
    const values = new Float32Array(count);
    for (let row = 0; row < count; row++) values[row] = matrix.numbers[row * numberCount + column]!;
    return values;
  });
  const levels = Array.from({ length: categoryCount }, (_, column) => {
    const values = new Int32Array(count);
    for (let row = 0; row < count; row++) values[row] = matrix.indices[row * categoryCount + column]!;
    return values;
  });
  const squares = sumSquares(numbers, levels, none, count);
  return { count, numbers, levels, none, squares, matches: new Int32Array(count) };
}

/**
 * Kernel of one row with each row of `right`. Of a category the product is 1 where both have the same level: a one-hot block costs one comparison.
 *
 * @param values OUT: one per row of `right`
 */
export function evaluateKernel(
  kernel: Kernel,
  left: KernelRows,
  row: number,
  right: KernelRows,
  values: Float64Array,
): void {
  multiply(left, row, right, values);
  if (kernel.name === 'linear') return;
  const { squares } = right;
  const square = left.squares[row]!;
  const factor = -kernel.gamma;
  for (let i = 0; i < values.length; i++) {
    // Rounding may leave the distance of equal rows just below 0.
    values[i] = exp(factor * max(square + squares[i]! - 2 * values[i]!, 0));
  }
}

/** Kernel of each row with itself. */
export function kernelDiagonal(kernel: Kernel, { squares }: KernelRows): Float64Array {
  return kernel.name === 'linear' ? squares : new Float64Array(squares.length).fill(1);
}

function sumSquares(
  numbers: readonly Float32Array[],
  levels: readonly Int32Array[],
  none: number,
  count: number,
): Float64Array {
  const sums = new Float64Array(count);
  for (const column of numbers) for (let i = 0; i < count; i++) sums[i]! += column[i]! * column[i]!;
  for (const column of levels) for (let i = 0; i < count; i++) if (column[i] !== none) sums[i]! += 1;
  return sums;
}

/** x·y of one row with each row of `right`. OUT: `products` */
function multiply(left: KernelRows, row: number, right: KernelRows, products: Float64Array): void {
  countMatches(left, row, right);
  products.set(right.matches);
  for (let column = 0; column < right.numbers.length; column++) {
    const value = left.numbers[column]![row]!;
    const values = right.numbers[column]!;
    for (let i = 0; i < products.length; i++) products[i]! += value * values[i]!;
  }
}

/** OUT: `right.matches` */
function countMatches(left: KernelRows, row: number, { levels, matches }: KernelRows): void {
  matches.fill(0);
  for (let column = 0; column < levels.length; column++) {
    const level = left.levels[column]![row]!;
    if (level === left.none) continue;
    const others = levels[column]!;
    // The difference less one is below 0 for equals alone: no branch, whose outcome none could predict.
    for (let i = 0; i < matches.length; i++) matches[i]! += ((level ^ others[i]!) - 1) >>> 31;
  }
}
