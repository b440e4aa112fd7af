import { missingCode, unseenCode } from '../../../ml/columns.ts';
import { countLevels, median, mostFrequent } from '../../../ml/preprocessing/imputation.ts';
import { createRandom } from '../../../ml/random.ts';

describe('median()', () => {
  test.each([
    ['an odd number of values', [3, 1, 2], 2],
    ['an even number of values', [4, 1, 3, 2], 2.5],
    ['missing values, which do not count', [Number.NaN, 5, Number.NaN, 1, 9], 5],
    ['equal values', [7, 7, 7, 7], 7],
    ['negative values and both zeros', [-3, -0, 0, -1], -0.5],
    ['no value at all', [Number.NaN, Number.NaN], 0],
    ['no row', [], 0],
  ])('takes %s', (_, values, expected) => {
    expect(median(Float32Array.from(values))).toBe(expected);
  });

  test('rounds the middle of two values to float32', () => {
    const [below, above] = [Math.fround(0.1), Math.fround(0.3)];
    expect(median(Float32Array.of(below, above))).toBe(Math.fround((below + above) / 2));
  });

  test('leaves its input as it was', () => {
    const values = Float32Array.of(3, Number.NaN, 1);
    median(values);
    expect([...values]).toEqual([3, Number.NaN, 1]);
  });

  test('equals the middle of the sorted values for many draws', () => {
    const random = createRandom(1);
    for (let round = 0; round < 300; round++) {
      const values = Float32Array.from({ length: 1 + random.integer(60) }, () =>
        random.integer(1 + random.integer(40)),
      );
      const sorted = [...values].sort((a, b) => a - b);
      const expected = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
      expect(median(values)).toBe(expected);
    }
  });
});

test('countLevels() counts the given rows without missing and unseen ones', () => {
  const codes = Int32Array.of(0, 2, missingCode, 2, unseenCode, 2);
  expect([...countLevels(codes, Int32Array.of(0, 1, 2, 3, 4), 3)]).toEqual([1, 0, 2]);
});

test('mostFrequent() takes the first of equals, and none of nothing', () => {
  expect(mostFrequent(Int32Array.of(1, 3, 3))).toBe(1);
  expect(mostFrequent(Int32Array.of(0, 0))).toBe(-1);
});
