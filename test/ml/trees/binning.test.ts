import { createRandom } from '../../../ml/random.ts';
import { binFeatures, findCuts, missingBin } from '../../../ml/trees/binning.ts';

test('few distinct values are cut in the middle between neighbours, missing ones ignored', () => {
  expect([...findCuts(Float32Array.of(3, 1, Number.NaN, 1, 7), 255)]).toEqual([2, 5]);
});

test('a cut parts neighbouring float32 values', () => {
  const below = 1;
  const above = 1 + 2 ** -23;
  const [cut] = findCuts(Float32Array.of(above, below), 255);
  expect(below <= cut! && above > cut!).toBe(true);
});

test('a cut between the largest float32 values does not overflow', () => {
  const largest = 3.4028234663852886e38;
  expect([...findCuts(Float32Array.of(-largest, 0, largest), 2)]).toHaveLength(1);
  expect([...findCuts(Float32Array.of(largest * 0.75, largest), 4)].every(Number.isFinite)).toBe(true);
});

test('one value, or none, is not cut', () => {
  expect(findCuts(Float32Array.of(2, 2), 255)).toHaveLength(0);
  expect(findCuts(Float32Array.of(Number.NaN), 255)).toHaveLength(0);
});

test('many values are cut into bins of about equal numbers of rows', () => {
  const random = createRandom(1);
  const values = Float32Array.from({ length: 10_000 }, () => random.normal());
  const { bins } = binFeatures([values], [0], 16);
  const counts = new Int32Array(16);
  for (const bin of bins[0]!) counts[bin]! += 1;
  for (const count of counts) expect(count).toBe(625);
});

test('a value that fills several shares is cut off once', () => {
  const values = Float32Array.from({ length: 1_000 }, (_, i) => (i < 900 ? 0 : i));
  expect([...findCuts(values, 10)]).toEqual([450]);
});

test('a bin holds what is above its lower cut and at or below its upper one', () => {
  const values = Float32Array.of(1, 3, 2, Number.NaN, 3);
  const { features, bins } = binFeatures([values], [0], 255);
  expect(features).toEqual([{ kind: 'number', cuts: Float32Array.of(1.5, 2.5) }]);
  expect([...bins[0]!]).toEqual([0, 2, 1, missingBin, 2]);
});

test('a level is a bin, and an unknown one counts as missing', () => {
  const { features, bins } = binFeatures([Float32Array.of(2, 0, -1)], [3], 255);
  expect(features).toEqual([{ kind: 'category', levels: 3 }]);
  expect([...bins[0]!]).toEqual([2, 0, missingBin]);
});
