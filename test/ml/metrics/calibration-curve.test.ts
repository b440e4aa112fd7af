import { readFileSync } from 'node:fs';
import { calibrationCurve } from '../../../ml/metrics/calibration-curve.ts';
import { createRandom } from '../../../ml/random.ts';

interface Curve {
  readonly positiveShares: number[];
  readonly meanScores: number[];
}

/** test/reference/metrics.py made them with scikit-learn. */
const reference: { labels: number[]; scores: number[]; expected: { uniform: Curve; quantile: Curve } }[] = JSON.parse(
  readFileSync('test/reference/metrics.json', 'utf8'),
);

describe.each(reference)('on $labels.length rows', ({ labels, scores, expected }) => {
  test.each(['uniform', 'quantile'] as const)('the curve of %s bins is that of scikit-learn', strategy => {
    const curve = calibrationCurve(Uint8Array.from(labels), Float64Array.from(scores), {
      bins: 5,
      strategy,
      seed: 1,
      replicates: 10,
    });
    expect(curve).toHaveLength(expected[strategy].meanScores.length);
    curve.forEach(({ positiveShare, meanScore }, i) => {
      expect(positiveShare).toBeCloseTo(expected[strategy].positiveShares[i]!, 13);
      expect(meanScore).toBeCloseTo(expected[strategy].meanScores[i]!, 13);
    });
    expect(curve.reduce((sum, { rows }) => sum + rows, 0)).toBe(labels.length);
  });
});

test('scores at an edge belong to the bin below it, 0 to the first', () => {
  const curve = calibrationCurve(Uint8Array.of(0, 1, 0, 1, 1), Float64Array.of(0, 0.5, 0.25, 0.75, 1), {
    bins: 2,
    seed: 1,
    replicates: 10,
  });
  expect(curve).toMatchObject([
    { low: 0, high: 0.5, rows: 3, meanScore: 0.25, positiveShare: 1 / 3 },
    { low: 0.5, high: 1, rows: 2, meanScore: 0.875, positiveShare: 1 },
  ]);
});

test('the intervals of probabilities hold the diagonal about as often as they say', () => {
  const random = createRandom(101);
  const scores = Float64Array.from({ length: 2_000 }, () => random.uniform());
  const labels = Uint8Array.from(scores, score => (random.uniform() < score ? 1 : 0));
  const curve = calibrationCurve(labels, scores, { seed: 2, replicates: 200 });
  const holding = curve.filter(({ interval, meanScore }) => interval.low <= meanScore && meanScore <= interval.high);
  expect(curve).toHaveLength(10);
  expect(holding.length).toBeGreaterThanOrEqual(8);
});

test('scores that are no probabilities and no bin are refused', () => {
  const draw = (score: number, bins = 10) =>
    calibrationCurve(Uint8Array.of(1), Float64Array.of(score), { bins, seed: 1 });
  expect(() => draw(1.1)).toThrow('a score is outside [0, 1]');
  expect(() => draw(Number.NaN)).toThrow('a score is outside [0, 1]');
  expect(() => draw(0.5, 0)).toThrow('bins is 0, expected 1 or more');
});
