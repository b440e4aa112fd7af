import { createRandom } from '../../../ml/random.ts';
import { binFeatures } from '../../../ml/trees/binning.ts';
import { buildHistogram, featureStride, subtractHistogram } from '../../../ml/trees/histogram.ts';
import { chooseScale, quantize } from '../../../ml/trees/quantized-gradients.ts';
import { range } from '../made-up-rows.ts';
import { makeUpDerivatives } from './made-up-derivatives.ts';

const random = createRandom(2);
const columns = [0, 1].map(() =>
  Float32Array.from({ length: 500 }, () => (random.uniform() < 0.1 ? Number.NaN : random.normal())),
);
const matrix = binFeatures(columns, [0, 0], 255);
const { quantized } = makeUpDerivatives(500, random);

test('a histogram holds the sums of each feature and bin', () => {
  const rows = range(0, 500).filter(row => row % 3 !== 0);
  const histogram = new Int32Array(2 * featureStride);
  buildHistogram(matrix, quantized, rows, histogram);
  for (let feature = 0; feature < 2; feature++) {
    for (let bin = 0; bin < 256; bin++) {
      const inBin = [...rows].filter(row => matrix.bins[feature]![row] === bin);
      const place = feature * featureStride + 2 * bin;
      expect(histogram[place]).toBe(inBin.reduce((sum, row) => sum + quantized.gradients[row]!, 0));
      expect(histogram[place + 1]).toBe(inBin.reduce((sum, row) => sum + quantized.hessians[row]!, 0));
    }
  }
});

test('what remains of the parent is exactly the sibling', () => {
  const [parent, child, sibling] = [0, 1, 2].map(() => new Int32Array(2 * featureStride));
  const left = range(0, 500).filter(row => row % 7 < 3);
  const right = range(0, 500).filter(row => row % 7 >= 3);
  buildHistogram(matrix, quantized, range(0, 500), parent!);
  buildHistogram(matrix, quantized, left, child!);
  buildHistogram(matrix, quantized, right, sibling!);
  subtractHistogram(parent!, child!);
  expect(parent).toEqual(sibling);
});

test('the scale keeps the largest possible sum within 32 bits', () => {
  for (const rows of [1, 1_000, 131_072, 1_000_000, 100_000_000]) {
    const scale = chooseScale(rows, 1);
    expect(rows * scale).toBeLessThan(2 ** 31);
    expect(Number.isInteger(Math.log2(scale))).toBe(true);
  }
  expect(chooseScale(1_000, 1)).toBe(16_384);
  expect(chooseScale(500_000, 1)).toBe(4_096);
});

test('rounding is to the nearest integer, halves up', () => {
  const rounded = { gradients: new Int32Array(4), hessians: new Int32Array(4), scale: 2 };
  quantize(Float64Array.of(0.25, -0.25, 0.6, -0.6), Float64Array.of(0, 0.1, 0.2, 0.3), rounded);
  expect([...rounded.gradients]).toEqual([1, 0, 1, -1]);
  expect([...rounded.hessians]).toEqual([0, 0, 0, 1]);
});
