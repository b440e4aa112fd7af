import { createRandom } from '../../../ml/random.ts';
import { type BinnedMatrix, binFeatures, missingBin } from '../../../ml/trees/binning.ts';
import { buildHistogram, featureStride } from '../../../ml/trees/histogram.ts';
import type { QuantizedGradients } from '../../../ml/trees/quantized-gradients.ts';
import { findBestSplit, leafValue, type Split, type SplitOptions, sumNode } from '../../../ml/trees/splitting.ts';
import { range } from '../made-up-rows.ts';
import { makeUpDerivatives } from './made-up-derivatives.ts';

const free: SplitOptions = { lambda: 1, alpha: 0, gamma: 0, minChildWeight: 0 };

function split(matrix: BinnedMatrix, quantized: QuantizedGradients, options: SplitOptions): Split | undefined {
  const histogram = new Int32Array(matrix.bins.length * featureStride);
  buildHistogram(matrix, quantized, range(0, matrix.rowCount), histogram);
  return findBestSplit(matrix, histogram, sumNode(histogram), quantized.scale, range(0, matrix.bins.length), options);
}

/** Tries every split by adding up the rows on either side. */
function splitNaively(matrix: BinnedMatrix, { gradients, hessians, scale }: QuantizedGradients, options: SplitOptions) {
  const rows = [...range(0, matrix.rowCount)];
  const scoreOf = (side: number[]) => {
    const g = side.reduce((sum, row) => sum + gradients[row]!, 0) / scale;
    const h = side.reduce((sum, row) => sum + hessians[row]!, 0) / scale;
    return { h, score: Math.max(Math.abs(g) - options.alpha, 0) ** 2 / (h + options.lambda) };
  };
  let best = { gain: 0, feature: -1, bin: -1, missingLeft: false };
  matrix.features.forEach((bins, feature) => {
    const binOf = (row: number) => matrix.bins[feature]![row]!;
    const count = bins.kind === 'number' ? bins.cuts.length : bins.levels;
    for (let bin = 0; bin < count; bin++) {
      for (const missingLeft of bins.kind === 'number' ? [false, true] : [false]) {
        const isLeft = (row: number) => {
          if (bins.kind === 'category') return binOf(row) === bin;
          return binOf(row) === missingBin ? missingLeft : binOf(row) <= bin;
        };
        const [left, right] = [scoreOf(rows.filter(isLeft)), scoreOf(rows.filter(row => !isLeft(row)))];
        if (Math.min(left.h, right.h) < options.minChildWeight || Math.min(left.h, right.h) === 0) continue;
        const gain = (left.score + right.score - scoreOf(rows).score) / 2 - options.gamma;
        if (gain > best.gain + 1e-12) best = { gain, feature, bin, missingLeft };
      }
    }
  });
  return best;
}

test('a split with a known gain is found', () => {
  const matrix = binFeatures([Float32Array.of(1, 1, 2, 2)], [0], 255);
  const quantized = { gradients: Int32Array.of(4, 4, -4, -4), hessians: Int32Array.of(2, 2, 2, 2), scale: 4 };
  // Either side: 2² / (1 + 1) = 2; together 0; half of 2 + 2 − 0.
  expect(split(matrix, quantized, free)).toEqual({ feature: 0, bin: 0, missingLeft: false, gain: 2 });
});

test('the best split is that of trying them all', () => {
  const random = createRandom(5);
  for (let round = 0; round < 60; round++) {
    const rows = 30;
    const number = Float32Array.from({ length: rows }, () => (random.uniform() < 0.2 ? Number.NaN : random.integer(8)));
    const category = Float32Array.from({ length: rows }, () => random.integer(5) - 1);
    const matrix = binFeatures([number, category], [0, 4], 255);
    const { quantized } = makeUpDerivatives(rows, random);
    const options = {
      lambda: random.uniform(),
      alpha: random.uniform(),
      gamma: 0.05,
      minChildWeight: 3 * random.uniform(),
    };
    const found = split(matrix, quantized, options);
    const expected = splitNaively(matrix, quantized, options);
    expect(found?.gain ?? 0).toBeCloseTo(expected.gain, 9);
  }
});

test('equal gains go to the lower feature and bin', () => {
  const column = Float32Array.of(0, 1, 2);
  const matrix = binFeatures([column, column], [0, 0], 255);
  const quantized = { gradients: Int32Array.of(4, 0, -4), hessians: Int32Array.of(4, 0, 4), scale: 4 };
  expect(split(matrix, quantized, free)).toMatchObject({ feature: 0, bin: 0, missingLeft: false });
});

test('no split is found where none gains, or where a side would be too light', () => {
  const matrix = binFeatures([Float32Array.of(1, 2)], [0], 255);
  const quantized = { gradients: Int32Array.of(4, -4), hessians: Int32Array.of(4, 4), scale: 4 };
  expect(split(matrix, quantized, { ...free, gamma: 10 })).toBeUndefined();
  expect(split(matrix, quantized, { ...free, minChildWeight: 1.1 })).toBeUndefined();
  expect(split(matrix, quantized, { ...free, alpha: 1 })).toBeUndefined();
  expect(split(matrix, quantized, free)).toBeDefined();
});

test('leafValue() is the Newton step, shrunk by the penalties', () => {
  expect(leafValue(-3, 2, free)).toBe(1);
  expect(leafValue(-3, 2, { ...free, alpha: 1.5 })).toBe(0.5);
  expect(leafValue(1, 2, { ...free, alpha: 1.5 })).toBeCloseTo(0, 15);
  expect(leafValue(0, 0, { ...free, lambda: 0 })).toBe(0);
});
