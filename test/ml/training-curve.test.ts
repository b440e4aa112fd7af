import { logLoss } from '../../ml/metrics/probability-losses.ts';
import { type Candidate, fitModel } from '../../ml/model.ts';
import { type CurvePoint, summarizeCurves } from '../../ml/training-curve.ts';
import { makeUpRows, range } from './made-up-rows.ts';

const data = makeUpRows(1_000, 81);
const rows = range(0, 1_000);

function fitWatched(candidate: Candidate): { points: CurvePoint[]; model: ReturnType<typeof fitModel> } {
  const points: CurvePoint[] = [];
  const model = fitModel(candidate, data, rows, 1, { onIteration: point => points.push(point) });
  return { points, model };
}

test('boosting tells the log loss of the fitted rows after each tree', () => {
  const { points, model } = fitWatched({ algorithm: 'gradient-boosting', trees: 12, maxDepth: 3 });
  expect(points.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(points.at(-1)!.training).toBeCloseTo(logLoss(data.labels, model.predict(data.columns)), 6);
  expect(points.every(({ validation }) => validation === undefined)).toBe(true);
});

test('with early stopping, also that of the rows kept aside, by which it stops', () => {
  const candidate = { algorithm: 'gradient-boosting', trees: 200, earlyStoppingRounds: 5 } as const;
  const { points, model } = fitWatched(candidate);
  const losses = points.map(({ validation }) => validation!);
  const { trees } = model.fitted as Extract<typeof model.fitted, { algorithm: 'gradient-boosting' }>;
  expect(losses.indexOf(Math.min(...losses)) + 1).toBe(trees.length);
  expect(points).toHaveLength(trees.length + 5);
});

test('a logistic regression tells the falling objective of its steps', () => {
  const { points } = fitWatched({ algorithm: 'logistic-regression', C: 0.5 });
  const objectives = points.map(({ training }) => training!);
  expect(objectives.length).toBeGreaterThan(2);
  expect(objectives).toEqual(objectives.toSorted((a, b) => b - a));
});

test('a random forest tells the Brier score of the rows that its trees were not grown from', () => {
  const { points, model } = fitWatched({ algorithm: 'random-forest', trees: 10 });
  const { outOfBag } = model.fitted as Extract<typeof model.fitted, { algorithm: 'random-forest' }>;
  expect(points).toHaveLength(10);
  expect(points.at(-1)).toEqual({ iteration: 10, outOfBag: outOfBag.brierScore });
  expect(points[9]!.outOfBag!).toBeLessThan(points[0]!.outOfBag!);
});

test.each<Candidate>([
  { algorithm: 'gradient-boosting', trees: 12, subsample: 0.5 },
  { algorithm: 'logistic-regression', C: 'auto' },
  { algorithm: 'random-forest', trees: 5 },
])('a watched $algorithm is the same model', candidate => {
  expect(fitWatched(candidate).model.fitted).toEqual(fitModel(candidate, data, rows, 1).fitted);
});

test('summarizeCurves() takes the mean of what goes on, and at most so many points', () => {
  const curves: CurvePoint[][] = [
    [
      { iteration: 1, training: 1, validation: 4 },
      { iteration: 2, training: 0.5, validation: 3 },
    ],
    [{ iteration: 1, training: 3, validation: 2 }],
  ];
  expect(summarizeCurves(curves, 10)).toEqual([
    { iteration: 1, training: 2, validation: 3 },
    { iteration: 2, training: 0.5, validation: 3 },
  ]);
  const long = Array.from({ length: 1_000 }, (_, i) => ({ iteration: i + 1, outOfBag: i }));
  const thinned = summarizeCurves([long], 50);
  expect(thinned).toHaveLength(50);
  expect(thinned[0]).toEqual({ iteration: 20, outOfBag: 19 });
  expect(thinned.at(-1)!.iteration).toBe(1_000);
});
