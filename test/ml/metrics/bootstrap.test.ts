import { readFileSync } from 'node:fs';
import {
  bootstrapIntervals,
  intervalOf,
  pairedBootstrap,
  type Resampled,
  replicate,
} from '../../../ml/metrics/bootstrap.ts';
import { evaluateScores } from '../../../ml/metrics/evaluate.ts';
import { measureScores, metricNames } from '../../../ml/metrics/metrics.ts';
import { createRandom } from '../../../ml/random.ts';
import { repeatRows } from './naive-metrics.ts';

/** test/reference/bootstrap.py made them with SciPy. */
const reference: {
  readonly labels: number[];
  readonly scores: number[];
  readonly intervals: Readonly<
    Record<'roc_auc' | 'average_precision' | 'log_loss' | 'recall', readonly [number, number]>
  >;
} = JSON.parse(readFileSync('test/reference/bootstrap.json', 'utf8'));

function drawScores(rows: number, seed: number): { labels: Uint8Array; scores: Float64Array } {
  const random = createRandom(seed);
  const labels = Uint8Array.from({ length: rows }, () => (random.uniform() < 0.3 ? 1 : 0));
  const scores = Float64Array.from(labels, label => 0.3 * label + 0.7 * random.uniform());
  return { labels, scores };
}

/** Mean of the values 0 … rows − 1, as often as each counts. */
const meanOfRows: Resampled = times => {
  let sum = 0;
  let rows = 0;
  times.forEach((count, row) => {
    sum += count * row;
    rows += count;
  });
  return sum / rows;
};

test('the interval of a mean has the width that theory gives', () => {
  const rows = 400;
  const [interval] = bootstrapIntervals([meanOfRows], rows, { seed: 1, replicates: 4_000 });
  const standardError = Math.sqrt((rows * rows - 1) / 12 / rows);
  expect((interval!.low - 199.5) / standardError).toBeCloseTo(-1.96, 0);
  expect((interval!.high - 199.5) / standardError).toBeCloseTo(1.96, 0);
});

test('the percentiles are interpolated between replicates', () => {
  const values = [5, 1, 3, 2, 4];
  let next = 0;
  const [interval] = bootstrapIntervals([() => values[next++]!], 1, { seed: 1, replicates: 5, level: 0.9 });
  expect(interval!.low).toBeCloseTo(1.2, 12);
  expect(interval!.high).toBeCloseTo(4.8, 12);
});

test('a replicate that does not define a metric does not count', () => {
  const values = [Number.NaN, 1, Number.NaN, 2];
  let next = 0;
  const [some, none] = bootstrapIntervals([() => values[next++]!, () => Number.NaN], 1, {
    seed: 1,
    replicates: 4,
    level: 1,
  });
  expect(some).toEqual({ low: 1, high: 2 });
  expect(none).toEqual({ low: Number.NaN, high: Number.NaN });
});

test('evaluateScores() reports every metric with its interval and base rate, from a seed', () => {
  const { labels, scores } = drawScores(500, 2);
  const options = { labels, scores, threshold: 0.4, seed: 7, replicates: 200 };
  const report = evaluateScores(options);
  expect(evaluateScores(options)).toEqual(report);
  expect(evaluateScores({ ...options, seed: 8 })).not.toEqual(report);
  for (const { value, low, high } of Object.values(report)) {
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
  expect(report.average_precision.baseRate).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / 500, 12);
});

test('evaluateScores() finds what measuring the drawn rows one after another finds', () => {
  const { labels, scores } = drawScores(60, 5);
  const tied = scores.map(score => Math.round(score * 20) / 20);
  const options = { seed: 3, replicates: 50 };
  const report = evaluateScores({ labels, scores: tied, threshold: 0.4, ...options });
  // Draws are of rows that are sorted by score, negatives first.
  const order = [...labels.keys()].sort((a, b) => tied[a]! - tied[b]! || labels[a]! - labels[b]!);
  const ordered = { labels: labels.map((_, i) => labels[order[i]!]!), scores: tied.map((_, i) => tied[order[i]!]!) };
  const drawn = replicate(60, options, times => repeatRows(ordered.labels, ordered.scores, times));
  const measured = drawn.map(rows => measureScores(rows.labels, rows.scores, 0.4));
  for (const name of metricNames) {
    const { low, high } = intervalOf(measured.map(figures => figures[name]));
    expect([report[name].low, report[name].high]).toEqual([expect.closeTo(low, 12), expect.closeTo(high, 12)]);
  }
});

test('evaluateScores() gives the intervals that SciPy gives', () => {
  const labels = Uint8Array.from(reference.labels);
  const scores = Float64Array.from(reference.scores);
  const report = evaluateScores({ labels, scores, threshold: 0.5, seed: 1, replicates: 20_000 });
  for (const name of ['roc_auc', 'average_precision', 'log_loss', 'recall'] as const) {
    const [low, high] = reference.intervals[name];
    // Each end of 20,000 draws is off by a standard error of 1.5 % of the width: twice that on either side.
    const tolerance = 0.06 * (high - low);
    expect(Math.abs(report[name].low - low)).toBeLessThan(tolerance);
    expect(Math.abs(report[name].high - high)).toBeLessThan(tolerance);
  }
});

test('where groups are drawn, rows that repeat others make no interval narrower', () => {
  const { labels, scores } = drawScores(300, 6);
  const thrice = <Value>(values: ArrayLike<Value>) => Array.from({ length: 900 }, (_, i) => values[i % 300]!);
  const repeated = {
    labels: Uint8Array.from(thrice(labels)),
    scores: Float64Array.from(thrice(scores)),
    groups: thrice([...labels.keys()].map(row => `client-${row}`)),
  };
  const widthOf = (options: Pick<Parameters<typeof evaluateScores>[0], 'labels' | 'scores' | 'groups'>) => {
    const { low, high } = evaluateScores({ ...options, threshold: 0.5, seed: 1, replicates: 2_000 }).roc_auc;
    return high - low;
  };
  const width = widthOf({ labels, scores });
  expect(widthOf(repeated) / width).toBeCloseTo(1, 1);
  // √3 as narrow, as if there were three times as many clients.
  expect(widthOf({ ...repeated, groups: undefined }) / width).toBeCloseTo(1 / Math.sqrt(3), 1);
});

test('95 % intervals of the AUC hold the true AUC about that often', () => {
  // Scores of positives are U + 0.3 and of negatives U, both of width 0.7: P(positive above negative) = 1 − (1 − 3/7)² / 2.
  const truth = 1 - (1 - 3 / 7) ** 2 / 2;
  let held = 0;
  for (let seed = 0; seed < 100; seed++) {
    const { labels, scores } = drawScores(250, 1_000 + seed);
    const { low, high } = evaluateScores({ labels, scores, threshold: 0.5, seed, replicates: 200 }).roc_auc;
    if (low <= truth && truth <= high) held += 1;
  }
  // Binomial of 100 and 0.95: below 88 once in 500 seeds; these seeds are fixed.
  expect(held).toBeGreaterThanOrEqual(88);
});

describe('pairedBootstrap()', () => {
  const { labels, scores } = drawScores(1_000, 3);
  const random = createRandom(4);
  const worse = scores.map(score => score + 0.5 * random.uniform());

  test('finds no difference between a model and itself', () => {
    const same = pairedBootstrap({ metric: 'roc_auc', labels, candidate: scores, champion: scores, seed: 1 });
    expect(same).toEqual({ improvement: 0, lowerEnd: 0 });
  });

  test('finds a better candidate better, and a worse one worse, by the same amount', () => {
    const better = pairedBootstrap({ metric: 'roc_auc', labels, candidate: scores, champion: worse, seed: 1 });
    const reverse = pairedBootstrap({ metric: 'roc_auc', labels, candidate: worse, champion: scores, seed: 1 });
    expect(better.lowerEnd).toBeGreaterThan(0);
    expect(better.lowerEnd).toBeLessThan(better.improvement);
    expect(reverse.improvement).toBe(-better.improvement);
    expect(reverse.lowerEnd).toBeLessThan(reverse.improvement);
  });

  test('counts a lower log loss as an improvement over predicting the base rate', () => {
    const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    const baseRate = new Float64Array(labels.length).fill(share);
    const honest = scores.map((_, row) => (labels[row] === 1 ? share + 0.1 : share - 0.05));
    expect(
      pairedBootstrap({ metric: 'log_loss', labels, candidate: honest, champion: baseRate, seed: 1 }).lowerEnd,
    ).toBeGreaterThan(0);
    const wild = scores.map(score => (score > 0.5 ? 0.999 : 0.001));
    expect(
      pairedBootstrap({ metric: 'log_loss', labels, candidate: wild, champion: baseRate, seed: 1 }).improvement,
    ).toBeLessThan(0);
  });

  test('is narrower than the models are apart from each other, since the rows are the same', () => {
    const near = scores.map(score => score + 0.02 * random.uniform());
    const { improvement, lowerEnd } = pairedBootstrap({
      metric: 'roc_auc',
      labels,
      candidate: near,
      champion: scores,
      seed: 1,
    });
    const { low, value } = evaluateScores({ labels, scores: near, threshold: 0.5, seed: 1 }).roc_auc;
    expect(improvement - lowerEnd).toBeLessThan((value - low) / 4);
  });
});
