import { exp } from '../arithmetic/exp.ts';
import { log } from '../arithmetic/log.ts';
import type { DesignMatrix } from '../preprocessing/design-matrix.ts';

/**
 * Σ log loss over rows with its first and second derivatives. Their places are those of the weights:
 *
 *     columns 0 … columnCount − 1 | columnCount: what falls to "none of the levels", never read | columnCount + 1: the intercept
 */
export interface LogLoss {
  value: number;
  readonly gradient: Float64Array;
  /** Upper triangle, row-major. */
  readonly hessian: Float64Array;
}

/** Room for the log loss of a matrix's rows. */
export function createLogLoss({ columnCount }: DesignMatrix): LogLoss {
  const size = columnCount + 2;
  return { value: 0, gradient: new Float64Array(size), hessian: new Float64Array(size * size) };
}

/**
 * Evaluates the log loss of all rows. Sums are taken within blocks of rows first: more exact, and independent of who sums which block.
 *
 * @param weights one per column, 0 for none, then the intercept
 * @param block OUT: scratch
 * @param total OUT
 */
export function evaluateLogLoss(
  matrix: DesignMatrix,
  labels: Uint8Array,
  weights: Float64Array,
  block: LogLoss,
  total: LogLoss,
): void {
  reset(total);
  for (let start = 0; start < matrix.rowCount; start += blockRows) {
    reset(block);
    addRows(matrix, labels, weights, start, Math.min(start + blockRows, matrix.rowCount), block);
    add(block, total);
  }
}

/** Σ weight · value of each row [start, end) and the intercept. OUT: `margins`, from 0 on. */
export function computeMargins(
  matrix: DesignMatrix,
  weights: Float64Array,
  start: number,
  end: number,
  margins: Float64Array,
): void {
  const { numbers, numberCount, indices, categoryCount } = matrix;
  const intercept = weights[weights.length - 1]!;
  for (let row = start; row < end; row++) {
    let margin = intercept;
    const firstNumber = row * numberCount;
    for (let i = 0; i < numberCount; i++) margin += weights[i]! * numbers[firstNumber + i]!;
    const firstIndex = row * categoryCount;
    for (let i = 0; i < categoryCount; i++) margin += weights[indices[firstIndex + i]!]!;
    margins[row - start] = margin;
  }
}

const blockRows = 4096;
const margins = new Float64Array(blockRows);

function addRows(
  matrix: DesignMatrix,
  labels: Uint8Array,
  weights: Float64Array,
  start: number,
  end: number,
  sums: LogLoss,
): void {
  computeMargins(matrix, weights, start, end, margins);
  let value = 0;
  // Σ ln(1 + e⁻|margin|) as the logarithm of a product, taken whenever that has grown: a tenth of the time of a logarithm a row.
  let product = 1;
  for (let row = start; row < end; row++) {
    const margin = margins[row - start]!;
    const label = labels[row]!;
    const small = exp(-Math.abs(margin));
    const inverse = 1 / (1 + small);
    value += Math.max(margin, 0) - label * margin;
    product *= 1 + small;
    if (product > 1e300) {
      value += log(product);
      product = 1;
    }
    addRow(matrix, row, (margin < 0 ? small : 1) * inverse - label, small * inverse * inverse, sums);
  }
  sums.value = value + log(product);
}

/** Adds slope · x to the gradient and curvature · xxᵀ to the Hessian, where x is the row with a 1 for the intercept. */
function addRow(matrix: DesignMatrix, row: number, slope: number, curvature: number, sums: LogLoss): void {
  const { numbers, numberCount, indices, categoryCount } = matrix;
  const { gradient, hessian } = sums;
  const size = gradient.length;
  const intercept = size - 1;
  const firstNumber = row * numberCount;
  const firstIndex = row * categoryCount;
  for (let i = 0; i < numberCount; i++) {
    const value = numbers[firstNumber + i]!;
    const weighted = curvature * value;
    const place = i * size;
    gradient[i]! += slope * value;
    for (let j = i; j < numberCount; j++) hessian[place + j]! += weighted * numbers[firstNumber + j]!;
    for (let j = 0; j < categoryCount; j++) hessian[place + indices[firstIndex + j]!]! += weighted;
    hessian[place + intercept]! += weighted;
  }
  for (let i = 0; i < categoryCount; i++) {
    const index = indices[firstIndex + i]!;
    const place = index * size;
    gradient[index]! += slope;
    for (let j = i; j < categoryCount; j++) hessian[place + indices[firstIndex + j]!]! += curvature;
    hessian[place + intercept]! += curvature;
  }
  gradient[intercept]! += slope;
  hessian[intercept * size + intercept]! += curvature;
}

function reset(sums: LogLoss): void {
  sums.value = 0;
  sums.gradient.fill(0);
  sums.hessian.fill(0);
}

function add(from: LogLoss, to: LogLoss): void {
  to.value += from.value;
  for (let i = 0; i < from.gradient.length; i++) to.gradient[i]! += from.gradient[i]!;
  for (let i = 0; i < from.hessian.length; i++) to.hessian[i]! += from.hessian[i]!;
}
