import { createLogLoss, evaluateLogLoss } from '../../../ml/logistic-regression/log-loss.ts';
import { type DesignMatrix, encodeRows } from '../../../ml/preprocessing/design-matrix.ts';
import { fitPreprocessing } from '../../../ml/preprocessing/fit-preprocessing.ts';
import { createRandom } from '../../../ml/random.ts';
import { makeUpRows, range } from '../made-up-rows.ts';
import { writeOut } from '../write-out.ts';

const classWeights = { negative: 1, positive: 1 };

function evaluateNaively(rows: number[][], labels: Uint8Array, weights: Float64Array) {
  const size = weights.length;
  let value = 0;
  const gradient = new Array<number>(size).fill(0);
  const hessian = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  rows.forEach((row, r) => {
    const margin = row.reduce((sum, x, i) => sum + x * weights[i]!, 0);
    const probability = 1 / (1 + Math.exp(-margin));
    value -= Math.log(labels[r] === 1 ? probability : 1 - probability);
    for (let i = 0; i < size; i++) {
      gradient[i]! += (probability - labels[r]!) * row[i]!;
      for (let j = 0; j < size; j++) hessian[i]![j]! += probability * (1 - probability) * row[i]! * row[j]!;
    }
  });
  return { value, gradient, hessian };
}

test('evaluateLogLoss() equals the naive sums over written-out rows, in more than one block', () => {
  const { columns, labels } = makeUpRows(9_000, 5);
  const matrix = encodeRows(fitPreprocessing(columns, range(0, 4_000)), columns, range(0, 9_000));
  const random = createRandom(6);
  const weights = Float64Array.from({ length: matrix.columnCount + 2 }, () => random.normal());
  weights[matrix.columnCount] = 0;
  const sums = createLogLoss(matrix);
  evaluateLogLoss({ matrix, labels, classWeights }, weights, createLogLoss(matrix), sums);
  const naive = evaluateNaively(
    // Nothing falls to "none of the levels"; the intercept is a column of ones.
    writeOut(matrix).map(row => [...row, 0, 1]),
    labels,
    weights,
  );
  expect(sums.value / naive.value).toBeCloseTo(1, 12);
  const size = weights.length;
  const none = matrix.columnCount;
  for (let i = 0; i < size; i++) {
    if (i === none) continue;
    expect(sums.gradient[i]).toBeCloseTo(naive.gradient[i]!, 7);
    for (let j = i; j < size; j++) {
      if (j !== none) expect(sums.hessian[i * size + j]).toBeCloseTo(naive.hessian[i]![j]!, 7);
    }
  }
});

test('evaluateLogLoss() stays finite at extreme margins', () => {
  const matrix: DesignMatrix = {
    rowCount: 2,
    numberCount: 1,
    categoryCount: 0,
    columnCount: 1,
    numbers: Float32Array.of(1000, -1000),
    indices: new Int32Array(0),
  };
  const sums = createLogLoss(matrix);
  evaluateLogLoss(
    { matrix, labels: Uint8Array.of(0, 1), classWeights },
    Float64Array.of(1, 0, 0),
    createLogLoss(matrix),
    sums,
  );
  expect(sums.value).toBe(2000);
  expect([...sums.gradient]).toEqual([2000, 0, 0]);
});
