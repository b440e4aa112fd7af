import { encodeRows } from '../../../ml/preprocessing/design-matrix.ts';
import { fitPreprocessing } from '../../../ml/preprocessing/fit-preprocessing.ts';
import { arrangeRows, evaluateKernel, kernelDiagonal } from '../../../ml/support-vector/kernel.ts';
import { createKernelCache } from '../../../ml/support-vector/kernel-cache.ts';
import { makeUpRows, range } from '../made-up-rows.ts';
import { writeOut } from '../write-out.ts';

const { columns } = makeUpRows(60, 11);
const matrix = encodeRows(fitPreprocessing(columns, range(0, 60)), columns, range(0, 60));
const rows = arrangeRows(matrix);
const dense = writeOut(matrix);
const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
const distance = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0);

test.each([
  [{ name: 'linear' } as const, dot],
  [{ name: 'rbf', gamma: 0.2 } as const, (x: number[], y: number[]) => Math.exp(-0.2 * distance(x, y))],
])('evaluateKernel() of %j equals the naive kernel of written-out rows', (kernel, naive) => {
  const values = new Float64Array(60);
  const diagonal = kernelDiagonal(kernel, rows);
  for (let row = 0; row < 60; row++) {
    evaluateKernel(kernel, rows, row, rows, values);
    expect(values[row]).toBeCloseTo(diagonal[row]!, 12);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(naive(dense[row]!, dense[i]!), 12);
    });
  }
});

test('rows that have none of the levels are not alike for it', () => {
  const none = { rowCount: 2, numberCount: 0, categoryCount: 1, columnCount: 3, numbers: new Float32Array(0) };
  const unseen = arrangeRows({ ...none, indices: Int32Array.of(3, 3) });
  const values = new Float64Array(2);
  evaluateKernel({ name: 'linear' }, unseen, 0, unseen, values);
  expect([...values, ...unseen.squares]).toEqual([0, 0, 0, 0]);
});

describe('createKernelCache()', () => {
  const count = 10;
  const open = (kept: number) => {
    const evaluated: number[] = [];
    const cache = createKernelCache(
      count,
      (row, values) => {
        evaluated.push(row);
        values.fill(row + 0.5);
      },
      kept * 4 * count,
    );
    return { evaluated, cache };
  };

  test('evaluates a kept row once, and a row used longest ago again', () => {
    const { evaluated, cache } = open(3);
    for (const row of [0, 1, 2, 0, 3, 0, 2, 1]) expect(cache(row)).toEqual(new Float32Array(count).fill(row + 0.5));
    expect(evaluated).toEqual([0, 1, 2, 3, 1]);
  });

  test('keeps two rows in any room, so that both of a step are valid', () => {
    const { cache } = open(0);
    const first = cache(4);
    const second = cache(5);
    expect([first[0], second[0]]).toEqual([4.5, 5.5]);
  });
});
