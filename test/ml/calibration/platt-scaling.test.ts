import { readFileSync } from 'node:fs';
import { applyPlattScaling, fitPlattScaling } from '../../../ml/calibration/platt-scaling.ts';
import { createRandom } from '../../../ml/random.ts';

interface Reference {
  readonly labels: number[];
  readonly scores: number[];
  /** The slope at which scikit-learn itself stops; 0 where it does so at once. */
  readonly unpolished: number;
  readonly slope: number;
  readonly offset: number;
}

/** test/reference/platt-scaling.py made them with scikit-learn. */
const reference: Reference[] = JSON.parse(readFileSync('test/reference/platt-scaling.json', 'utf8'));

test.each(reference)('the scaling of $labels.length scores is that of scikit-learn', expected => {
  const scaling = fitPlattScaling(Float64Array.from(expected.scores), Uint8Array.from(expected.labels));
  // Slope and offset are float32 here: 2⁻²⁴ of each.
  expect(Math.abs(scaling.slope / expected.slope - 1)).toBeLessThan(1e-6);
  expect(Math.abs(scaling.offset / expected.offset - 1)).toBeLessThan(1e-6);
  if (expected.unpolished !== 0) expect(Math.abs(scaling.slope / expected.unpolished - 1)).toBeLessThan(1e-3);
});

/** Plain gradient descent on scores of unit size. */
function fitNaively(scores: Float64Array, labels: Uint8Array): [number, number] {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  let [slope, offset] = [0, 0];
  for (let step = 0; step < 20_000; step++) {
    let [slopeGradient, offsetGradient] = [0, 0];
    scores.forEach((score, row) => {
      const error = 1 / (1 + Math.exp(-slope * score - offset)) - (labels[row] === 1 ? high : low);
      slopeGradient += error * score;
      offsetGradient += error;
    });
    slope -= (2 * slopeGradient) / scores.length;
    offset -= (2 * offsetGradient) / scores.length;
  }
  return [slope, offset];
}

test('fitPlattScaling() finds what gradient descent finds', () => {
  const random = createRandom(4);
  const labels = Uint8Array.from({ length: 60 }, () => random.integer(2));
  const scores = Float64Array.from(labels, label => random.normal() + label);
  const [slope, offset] = fitNaively(scores, labels);
  const scaling = fitPlattScaling(scores, labels);
  expect(scaling.slope).toBeCloseTo(slope, 5);
  expect(scaling.offset).toBeCloseTo(offset, 5);
});

test('scores that are log odds already keep their probabilities', () => {
  const random = createRandom(5);
  const scores = Float64Array.from({ length: 100_000 }, () => 1.5 * random.normal() - 1);
  const labels = Uint8Array.from(scores, score => (random.uniform() < 1 / (1 + Math.exp(-score)) ? 1 : 0));
  const { slope, offset } = fitPlattScaling(scores, labels);
  // Four standard errors of a logistic regression of so many rows.
  expect(Math.abs(slope - 1)).toBeLessThan(0.04);
  expect(Math.abs(offset)).toBeLessThan(0.04);
});

test('the mean probability is the smoothed share of positives', () => {
  const { scores, labels } = reference[1]!;
  const given = Float64Array.from(scores);
  const probabilities = applyPlattScaling(fitPlattScaling(given, Uint8Array.from(labels)), given);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  const smoothed = (positives * (positives + 1)) / (positives + 2) + negatives / (negatives + 2);
  expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(smoothed, 3);
});

test('separable, equal and single scores give finite scalings', () => {
  const separable = fitPlattScaling(Float64Array.of(-2, -1, 1, 2), Uint8Array.of(0, 0, 1, 1));
  expect(separable.slope).toBeGreaterThan(0);
  expect(Number.isFinite(separable.slope)).toBe(true);
  const [equal] = applyPlattScaling(
    fitPlattScaling(Float64Array.of(3, 3, 3, 3), Uint8Array.of(0, 0, 0, 1)),
    Float64Array.of(3),
  );
  // Three negatives at 1/5 and one positive at 2/3.
  expect(equal).toBeCloseTo((3 / 5 + 2 / 3) / 4, 5);
  const [single] = applyPlattScaling(fitPlattScaling(Float64Array.of(1), Uint8Array.of(1)), Float64Array.of(1));
  expect(single).toBeCloseTo(2 / 3, 5);
});

test('scores that rank backwards get a slope below 0', () => {
  expect(fitPlattScaling(Float64Array.of(1, 2, 3, 4), Uint8Array.of(1, 1, 0, 0)).slope).toBeLessThan(0);
});

test('no row at all and scores that are not finite are refused', () => {
  expect(() => fitPlattScaling(new Float64Array(0), new Uint8Array(0))).toThrow('Cannot fit Platt scaling on 0 rows');
  for (const score of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => fitPlattScaling(Float64Array.of(1, score), Uint8Array.of(0, 1))).toThrow('a score is not finite');
  }
});
