import { describeFitted } from '../../../lifecycle/training/describe-fitted.ts';
import { fitModel } from '../../../ml/model.ts';
import { makeUpRows, range } from '../../ml/made-up-rows.ts';

const data = makeUpRows(300, 1);

test('a forest tells what its trees make of rows that they were not grown from', () => {
  const { fitted } = fitModel({ algorithm: 'random-forest', trees: 30 }, data, range(0, 300), 1);
  const { trees, outOfBag } = describeFitted(fitted);
  expect(trees).toBe(30);
  expect(outOfBag!.rows).toBe(300);
  expect(outOfBag!.roc_auc).toBeGreaterThan(0.55);
  expect(outOfBag!.brier).toBeLessThan(0.25);
});

test.each(['oversample', 'undersample'] as const)('a forest of rows by %s has no such estimate', method => {
  const { fitted } = fitModel({ algorithm: 'random-forest', trees: 5, resampling: { method } }, data, range(0, 300), 1);
  expect(describeFitted(fitted)).toEqual({ trees: 5, importances: expect.any(Array) });
});

test('trees tell which features they rely on most', () => {
  const { fitted } = fitModel({ algorithm: 'gradient-boosting', trees: 20, maxDepth: 3 }, data, range(0, 300), 1);
  const { importances } = describeFitted(fitted);
  expect(importances).toHaveLength(5);
  const gains = importances!.map(({ gain }) => gain);
  expect(gains).toEqual(gains.toSorted((a, b) => b - a));
  expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeCloseTo(1, 12);
  expect(importances![0]).toEqual({
    name: expect.stringMatching(/age|balance/),
    gain: gains[0],
    cover: expect.any(Number),
    frequency: expect.any(Number),
  });
});

test('a solver tells whether it came to its end', () => {
  const { fitted } = fitModel({ algorithm: 'logistic-regression', C: 0.5 }, data, range(0, 300), 1);
  expect(describeFitted(fitted)).toEqual({ C: 0.5, iterations: expect.any(Number), converged: true });
});
