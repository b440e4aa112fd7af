import { exp } from '../arithmetic/exp.ts';
import { log } from '../arithmetic/log.ts';
import type { DesignMatrix } from '../preprocessing/design-matrix.ts';

// Looked up once: where tests run, each look at a global costs more than the comparison.
const { abs, max } = Math;

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

/** Rows with their labels, and how much a row of each class counts. */
export interface WeighedRows {
  readonly matrix: DesignMatrix;
  readonly labels: Uint8Array;
  readonly classWeights: { readonly negative: number; readonly positive: number };
}

/**
 * Room for the log loss of a matrix's rows.
 *
 * @param derivatives 1 leaves out the second derivatives: the Hessian has no entry then, and its time is not spent
 */
export function createLogLoss({ columnCount }: DesignMatrix, derivatives: 1 | 2 = 2): LogLoss {
  const size = columnCount + 2;
  return {
    value: 0,
    gradient: new Float64Array(size),
    hessian: new Float64Array(derivatives === 2 ? size * size : 0),
  };
}

/**
 * Evaluates the log loss of all rows. Sums are taken within blocks of rows first: more exact, and independent of who sums which block.
 *
 * @param weights one per column, 0 for none, then the intercept
 * @param block OUT: scratch
 * @param total OUT
 */
export function evaluateLogLoss(rows: WeighedRows, weights: Float64Array, block: LogLoss, total: LogLoss): void {
  const { rowCount } = rows.matrix;
  reset(total);
  for (let start = 0; start < rowCount; start += blockRows) {
    reset(block);
    addRows(rows, weights, start, Math.min(start + blockRows, rowCount), block);
    add(block, total);
  }
}

/** Weights as `computeMargins` reads them: of the columns, 0 for none of the levels, the intercept. */
export function joinWeights(coefficients: Float32Array, intercept: number): Float64Array {
  const weights = new Float64Array(coefficients.length + 2);
  weights.set(coefficients);
  weights[coefficients.length + 1] = intercept;
  return weights;
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
  { matrix, labels, classWeights }: WeighedRows,
  weights: Float64Array,
  start: number,
  end: number,
  sums: LogLoss,
): void {
  computeMargins(matrix, weights, start, end, margins);
  const { negative, positive } = classWeights;
  const curved = sums.hessian.length > 0;
  let value = 0;
  // Σ ln(1 + e⁻|margin|) of each class as the logarithm of a product, taken whenever that has grown: a tenth of the time of a logarithm a row.
  let negatives = 1;
  let positives = 1;
  for (let row = start; row < end; row++) {
    const margin = margins[row - start]!;
    const label = labels[row]!;
    const weight = label === 1 ? positive : negative;
    const small = exp(-abs(margin));
    const inverse = 1 / (1 + small);
    value += weight * (max(margin, 0) - label * margin);
    if (label === 1) positives *= 1 + small;
    else negatives *= 1 + small;
    if (positives > 1e300 || negatives > 1e300) {
      value += positive * log(positives) + negative * log(negatives);
      positives = 1;
      negatives = 1;
    }
    const slope = weight * ((margin < 0 ? small : 1) * inverse - label);
    if (curved) addRow(matrix, row, slope, weight * small * inverse * inverse, sums);
    else addSlope(matrix, row, slope, sums.gradient);
  }
  sums.value = value + positive * log(positives) + negative * log(negatives);
}

/** Adds slope · x to the gradient, where x is the row with a 1 for the intercept. */
function addSlope(matrix: DesignMatrix, row: number, slope: number, gradient: Float64Array): void {
  const { numbers, numberCount, indices, categoryCount } = matrix;
  const firstNumber = row * numberCount;
  const firstIndex = row * categoryCount;
  for (let i = 0; i < numberCount; i++) gradient[i]! += slope * numbers[firstNumber + i]!;
  for (let i = 0; i < categoryCount; i++) gradient[indices[firstIndex + i]!]! += slope;
  gradient[gradient.length - 1]! += slope;
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
