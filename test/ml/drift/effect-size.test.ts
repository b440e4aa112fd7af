import {
  greatestShareChange,
  jensenShannonDistance,
  populationStabilityIndex,
  wassersteinDistance,
} from '../../../ml/drift/effect-size.ts';
import { buildHistogram, sumBins } from '../../../ml/drift/histogram.ts';
import { createRandom } from '../../../ml/random.ts';

test('effect sizes of equal shares are 0, whatever the numbers of rows', () => {
  expect(jensenShannonDistance([10, 20, 30], [1, 2, 3])).toBe(0);
  expect(populationStabilityIndex([100, 200], [100, 200])).toBe(0);
  const binned = { counts: [10, 20], means: [1, 5], deviation: 2 };
  expect(wassersteinDistance(binned, { counts: [20, 40], means: [1, 5] })).toBeCloseTo(0, 12);
});

test('the Jensen–Shannon distance of what has nothing in common is 1', () => {
  expect(jensenShannonDistance([5, 0], [0, 9])).toBe(1);
});

test("jensenShannonDistance() agrees with scipy's, in base 2", () => {
  // scipy.spatial.distance.jensenshannon([10, 20, 70], [30, 30, 40], base=2), 1.17
  expect(jensenShannonDistance([10, 20, 70], [30, 30, 40])).toBeCloseTo(0.2736668759, 9);
});

test('the Wasserstein distance of values that all moved alike is how far, in deviations', () => {
  const random = createRandom(1);
  const values = Float32Array.from({ length: 5_000 }, () => random.normal());
  const reference = buildHistogram(values, 20);
  for (const shift of [0.02, 0.3, -0.5]) {
    const moved = sumBins(
      values.map(value => value + shift),
      { ...reference, clip: [-9, 9] },
    );
    // Clipping and binning cost a little.
    expect(wassersteinDistance(reference, moved) * reference.deviation).toBeCloseTo(Math.abs(shift), 1);
  }
});

test('the Wasserstein distance sees a value that most rows share move within its bin', () => {
  const values = Float32Array.from({ length: 1_000 }, (_, i) => (i < 820 ? -1 : i));
  const reference = buildHistogram(values, 20);
  const moved = sumBins(
    values.map(value => value + 2),
    reference,
  );
  expect(wassersteinDistance(reference, moved) * reference.deviation).toBeCloseTo(2, 1);
});

test('nothing is far from a constant', () => {
  expect(wassersteinDistance({ counts: [3], means: [1], deviation: 0 }, { counts: [4], means: [7] })).toBe(0);
});

test('the greatest change of a share is in standard errors', () => {
  expect(greatestShareChange([999_999, 999_999], [75, 25])).toBeCloseTo(5, 2);
});
