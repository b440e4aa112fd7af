import { weighClasses } from '../class-weight.ts';
import type { FeatureColumn } from '../columns.ts';
import { computeMargins, joinWeights } from '../logistic-regression/log-loss.ts';
import { type DesignMatrix, encodeRows } from '../preprocessing/design-matrix.ts';
import { fitPreprocessing, type Preprocessing } from '../preprocessing/fit-preprocessing.ts';
import { arrangeRows, evaluateKernel, type Kernel, kernelDiagonal } from './kernel.ts';
import { createKernelCache } from './kernel-cache.ts';
import type { CompleteParameters } from './parameters.ts';
import { type SmoResult, solveDual } from './smo.ts';

/** A weighed sum of the columns of an encoded row. Every number is a float32. */
export interface LinearDecision {
  readonly kernel: 'linear';
  readonly coefficients: Float32Array;
  readonly bias: number;
}

/** A weighed sum of the likenesses to support vectors. Every number is a float32. */
export interface RbfDecision {
  readonly kernel: 'rbf';
  readonly gamma: number;
  /** The rows whose weight is not 0. */
  readonly supportVectors: DesignMatrix;
  readonly weights: Float32Array;
  readonly bias: number;
}

/** A support-vector machine with the preprocessing of its rows. */
export interface Machine {
  readonly preprocessing: Preprocessing;
  /** Above 0 on the positive side. */
  readonly decision: LinearDecision | RbfDecision;
  readonly convergence: Pick<SmoResult, 'iterations' | 'converged'>;
}

/** Fits preprocessing and machine. @param labels of the given rows, both 0 and 1 */
export function fitMachine(
  parameters: CompleteParameters,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
  labels: Uint8Array,
): Machine {
  const preprocessing = fitPreprocessing(columns, rows);
  const matrix = encodeRows(preprocessing, columns, rows);
  const kernel = chooseKernel(parameters, matrix);
  const solution = solve(kernel, matrix, labels, parameters);
  return {
    preprocessing,
    decision: decisionFunction(kernel, matrix, solution),
    convergence: { iterations: solution.iterations, converged: solution.converged },
  };
}

/** Decision value of each given row. */
export function decide(
  { preprocessing, decision }: Machine,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
): Float64Array {
  const matrix = encodeRows(preprocessing, columns, rows);
  const values = new Float64Array(rows.length).fill(decision.bias);
  if (decision.kernel === 'linear') {
    computeMargins(matrix, joinWeights(decision.coefficients, decision.bias), 0, rows.length, values);
    return values;
  }
  const supportVectors = arrangeRows(decision.supportVectors);
  const decided = arrangeRows(matrix);
  const kernel = { name: 'rbf', gamma: decision.gamma } as const;
  const similarities = new Float64Array(rows.length);
  for (let vector = 0; vector < supportVectors.count; vector++) {
    evaluateKernel(kernel, supportVectors, vector, decided, similarities);
    const weight = decision.weights[vector]!;
    for (let row = 0; row < values.length; row++) values[row]! += weight * similarities[row]!;
  }
  return values;
}

function chooseKernel({ kernel, gamma }: CompleteParameters, matrix: DesignMatrix): Kernel {
  if (kernel === 'linear') return { name: 'linear' };
  const chosen =
    typeof gamma === 'number' ? gamma : 1 / (matrix.columnCount * (gamma === 'scale' ? variance(matrix) : 1));
  return { name: 'rbf', gamma: Math.fround(chosen) };
}

/** Variance of all values of all columns, the zeros and ones of levels among them; 1 when they are all alike. */
function variance({ rowCount, columnCount, numbers, indices }: DesignMatrix): number {
  const cells = rowCount * columnCount;
  let sum = 0;
  let squares = 0;
  for (const value of numbers) {
    sum += value;
    squares += value * value;
  }
  for (const index of indices) {
    if (index === columnCount) continue;
    sum += 1;
    squares += 1;
  }
  const mean = sum / cells;
  return squares / cells - mean * mean || 1;
}

/** Room for kernel rows: all of them up to 11,000 rows, a third at 20,000, which about suffices for the rows that a search comes back to. */
const cacheBytes = 512e6;

function solve(
  kernel: Kernel,
  matrix: DesignMatrix,
  labels: Uint8Array,
  { C, classWeight, maxIter, tolerance }: CompleteParameters,
): SmoResult {
  const rows = arrangeRows(matrix);
  const weights = weighClasses(classWeight, labels);
  return solveDual(
    {
      kernelRow: createKernelCache(
        rows.count,
        (row, values) => evaluateKernel(kernel, rows, row, rows, values),
        cacheBytes,
      ),
      diagonal: kernelDiagonal(kernel, rows),
      targets: Float64Array.from(labels, label => (label === 1 ? 1 : -1)),
      lower: Float64Array.from(labels, label => (label === 1 ? 0 : -C * weights.negative)),
      upper: Float64Array.from(labels, label => (label === 1 ? C * weights.positive : 0)),
    },
    { maxIter, tolerance },
  );
}

function decisionFunction(kernel: Kernel, matrix: DesignMatrix, { weights, bias }: SmoResult): Machine['decision'] {
  const roundedBias = Math.fround(bias);
  if (kernel.name === 'linear') {
    return { kernel: 'linear', coefficients: weighedSum(matrix, weights), bias: roundedBias };
  }
  const supporting = Int32Array.from(weights.keys()).filter(row => weights[row] !== 0);
  return {
    kernel: 'rbf',
    gamma: kernel.gamma,
    supportVectors: takeRows(matrix, supporting),
    weights: Float32Array.from(supporting, row => weights[row]!),
    bias: roundedBias,
  };
}

/** Σ weight · row, column by column. */
function weighedSum(
  { rowCount, numberCount, categoryCount, columnCount, ...rows }: DesignMatrix,
  weights: Float64Array,
): Float32Array {
  // One place more takes what falls to "none of the levels".
  const sums = new Float64Array(columnCount + 1);
  for (let row = 0; row < rowCount; row++) {
    const weight = weights[row]!;
    if (weight === 0) continue;
    for (let i = 0; i < numberCount; i++) sums[i]! += weight * rows.numbers[row * numberCount + i]!;
    for (let i = 0; i < categoryCount; i++) sums[rows.indices[row * categoryCount + i]!]! += weight;
  }
  return Float32Array.from(sums.subarray(0, columnCount));
}

function takeRows(matrix: DesignMatrix, rows: Int32Array): DesignMatrix {
  const { numberCount, categoryCount } = matrix;
  const numbers = new Float32Array(rows.length * numberCount);
  const indices = new Int32Array(rows.length * categoryCount);
  rows.forEach((row, i) => {
    numbers.set(matrix.numbers.subarray(row * numberCount, (row + 1) * numberCount), i * numberCount);
    indices.set(matrix.indices.subarray(row * categoryCount, (row + 1) * categoryCount), i * categoryCount);
  });
  return { ...matrix, rowCount: rows.length, numbers, indices };
}
