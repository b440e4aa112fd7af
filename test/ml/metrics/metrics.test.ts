import { readFileSync } from 'node:fs';
import { countRows, emptyCounts, groupRows } from '../../../ml/metrics/class-counts.ts';
import { confusionMatrix } from '../../../ml/metrics/confusion-matrix.ts';
import { measureScores, metricNames, metrics } from '../../../ml/metrics/metrics.ts';
import { brierScore, logLoss } from '../../../ml/metrics/probability-losses.ts';
import { averagePrecision, kolmogorovSmirnov, liftAt, rocAuc } from '../../../ml/metrics/ranking.ts';
import { createRandom } from '../../../ml/random.ts';
import { naiveAveragePrecision, naiveRocAuc, repeatRows } from './naive-metrics.ts';

interface Reference {
  readonly labels: number[];
  readonly scores: number[];
  readonly threshold: number;
  readonly expected: ReturnType<typeof measureScores> & { readonly confusion: number[] };
}

/** test/reference/metrics.py made them with scikit-learn. */
const reference: Reference[] = JSON.parse(readFileSync('test/reference/metrics.json', 'utf8'));

describe.each(reference)('on $labels.length rows, threshold $threshold', ({ labels, scores, threshold, expected }) => {
  const truth = Uint8Array.from(labels);
  const given = Float64Array.from(scores);

  // Sums of at most 80 terms in another order: a few units in the last place.
  test.each(metricNames)('%s is what scikit-learn says', name => {
    expect(measureScores(truth, given, threshold)[name]).toBeCloseTo(expected[name], 13);
  });

  test('the confusion matrix is what scikit-learn says', () => {
    const matrix = confusionMatrix(truth, given, threshold);
    const { truePositives, falsePositives, trueNegatives, falseNegatives } = matrix;
    expect([truePositives, falsePositives, trueNegatives, falseNegatives]).toEqual(expected.confusion);
  });
});

test('rocAuc() counts a tie as half', () => {
  expect(rocAuc(Uint8Array.of(0, 1), Float64Array.of(0.5, 0.5))).toBe(0.5);
  expect(rocAuc(Uint8Array.of(0, 1, 0, 1), Float64Array.of(0.1, 0.9, 0.2, 0.8))).toBe(1);
  expect(rocAuc(Uint8Array.of(0, 1, 1), Float64Array.of(0.5, 0.5, 0.4))).toBe(0.25);
});

test('averagePrecision() of one positive at rank three is a third', () => {
  expect(averagePrecision(Uint8Array.of(0, 0, 1, 0), Float64Array.of(0.9, 0.8, 0.7, 0.6))).toBeCloseTo(1 / 3, 15);
});

test('logLoss() and brierScore() of a coin are ln 2 and a quarter', () => {
  const coin = Float64Array.of(0.5, 0.5, 0.5);
  expect(logLoss(Uint8Array.of(0, 1, 1), coin)).toBeCloseTo(Math.LN2, 15);
  expect(brierScore(Uint8Array.of(0, 1, 1), coin)).toBe(0.25);
});

test('logLoss() of a certain error is finite', () => {
  expect(logLoss(Uint8Array.of(0, 1), Float64Array.of(1, 0))).toBeCloseTo(52 * Math.LN2, 12);
});

test('metrics that the rows do not define are NaN, and a NaN score is refused', () => {
  const scores = Float64Array.of(0.2, 0.3);
  expect(rocAuc(Uint8Array.of(1, 1), scores)).toBeNaN();
  expect(averagePrecision(Uint8Array.of(0, 0), scores)).toBeNaN();
  expect(logLoss(new Uint8Array(0), new Float64Array(0))).toBeNaN();
  expect(() => rocAuc(Uint8Array.of(0, 1), Float64Array.of(0.5, Number.NaN))).toThrow('Cannot rank scores: one is NaN');
});

test('every metric of rows that count several times equals that of the rows repeated', () => {
  const random = createRandom(21);
  for (let round = 0; round < 30; round++) {
    const rows = 20 + random.integer(40);
    const labels = Uint8Array.from({ length: rows }, (_, row) => (row < 2 ? row : random.integer(2)));
    const scores = Float64Array.from({ length: rows }, () => random.integer(9) / 10 + 0.05);
    const counts = Int32Array.from({ length: rows }, (_, row) => random.integer(3) + (row < 2 ? 1 : 0));
    const repeated = repeatRows(labels, scores, counts);
    const expected = measureScores(repeated.labels, repeated.scores, 0.5);
    const grouped = groupRows(labels, scores);
    const counted = countRows(grouped, counts, emptyCounts(grouped));
    for (const name of metricNames) {
      expect(metrics[name].prepare(grouped.scores, 0.5)(counted)).toBeCloseTo(expected[name], 12);
    }
    expect(rocAuc(repeated.labels, repeated.scores)).toBeCloseTo(naiveRocAuc(repeated.labels, repeated.scores), 12);
    expect(averagePrecision(repeated.labels, repeated.scores)).toBeCloseTo(
      naiveAveragePrecision(repeated.labels, repeated.scores),
      12,
    );
  }
});

test('the base rate of each metric is what the share of positives as every score reaches', () => {
  const labels = Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0, 0);
  const share = 0.2;
  const scores = new Float64Array(10).fill(share);
  const measured = measureScores(labels, scores, 0.5);
  for (const name of ['roc_auc', 'average_precision', 'log_loss', 'brier', 'accuracy', 'ks', 'lift'] as const) {
    expect(measured[name]).toBeCloseTo(metrics[name].baseRate(share)!, 14);
  }
  const everyone = measureScores(labels, scores, 0);
  for (const name of ['precision', 'f1'] as const) {
    expect(everyone[name]).toBeCloseTo(metrics[name].baseRate(share)!, 14);
  }
  expect([metrics.recall.baseRate(share), metrics.specificity.baseRate(share)]).toEqual([null, null]);
  expect(metrics.log_loss.baseRate(0)).toBe(0);
});

test('kolmogorovSmirnov() of separated classes is 1, of scores that rank backwards 0', () => {
  const labels = Uint8Array.of(0, 0, 1, 1);
  expect(kolmogorovSmirnov(labels, Float64Array.of(0.1, 0.2, 0.3, 0.4))).toBe(1);
  expect(kolmogorovSmirnov(labels, Float64Array.of(0.3, 0.4, 0.1, 0.2))).toBe(0);
  expect(kolmogorovSmirnov(labels, Float64Array.of(0.1, 0.3, 0.2, 0.4))).toBe(0.5);
  expect(kolmogorovSmirnov(Uint8Array.of(1, 1), Float64Array.of(0.1, 0.2))).toBeNaN();
});

test('liftAt() of perfect scores is one over the share of positives, of everyone 1', () => {
  const labels = Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0, 0);
  const scores = Float64Array.from(labels, (label, row) => label + row / 100);
  expect(liftAt(labels, scores, 0.2)).toBeCloseTo(5, 14);
  expect(liftAt(labels, scores, 1)).toBeCloseTo(1, 14);
  expect(liftAt(labels, new Float64Array(10), 0.1)).toBeCloseTo(1, 14);
  expect(liftAt(new Uint8Array(10), scores, 0.1)).toBeNaN();
});
