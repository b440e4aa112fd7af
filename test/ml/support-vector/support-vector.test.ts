import { readFileSync } from 'node:fs';
import { rocAuc } from '../../../ml/metrics/ranking.ts';
import { createRandom } from '../../../ml/random.ts';
import { decide } from '../../../ml/support-vector/machine.ts';
import type { SupportVectorParameters } from '../../../ml/support-vector/parameters.ts';
import { fitSupportVector, predictSupportVector } from '../../../ml/support-vector/support-vector.ts';
import { makeUpRows, range } from '../made-up-rows.ts';
import { readReferenceRows } from '../reference-rows.ts';

interface Reference {
  readonly parameters: SupportVectorParameters;
  readonly decisions: number[];
  readonly supportVectors: number;
}

/** test/reference/support-vector.py made them with scikit-learn. */
const reference: Reference[] = JSON.parse(readFileSync('test/reference/support-vector.json', 'utf8'));

describe.each(reference)('with $parameters', ({ parameters, decisions, supportVectors }) => {
  const data = readReferenceRows();
  const fitted = fitSupportVector({ ...parameters, tolerance: 1e-6 }, data, range(0, data.fittedRows), 1);

  test('the decision values are those of scikit-learn, for missing values and unseen levels too', () => {
    const values = decide(fitted, data.columns, range(0, decisions.length));
    // Both stop at a violation of 1e-6 and keep kernel rows as float32; some 200 weights, each a float32 here, differ by 1e-6 or so.
    values.forEach((value, row) => {
      expect(Math.abs(value - decisions[row]!)).toBeLessThan(1e-4);
    });
  });

  test('the same rows carry the decision', () => {
    expect(fitted.convergence.converged).toBe(true);
    if (fitted.decision.kernel === 'rbf') {
      // A weight of about the tolerance is a support vector or none.
      expect(Math.abs(fitted.decision.weights.length - supportVectors)).toBeLessThanOrEqual(2);
    }
  });
});

test('a circle within a ring is told apart by the RBF kernel, and not by the linear one', () => {
  const random = createRandom(41);
  const labels = Uint8Array.from({ length: 600 }, (_, row) => row % 2);
  const angles = Float64Array.from(labels, () => 2 * Math.PI * random.uniform());
  const radius = Float64Array.from(labels, label => 1 + label + 0.3 * random.normal());
  const columns = [
    {
      kind: 'number' as const,
      name: 'x',
      values: Float32Array.from(angles, (angle, i) => radius[i]! * Math.cos(angle)),
    },
    {
      kind: 'number' as const,
      name: 'y',
      values: Float32Array.from(angles, (angle, i) => radius[i]! * Math.sin(angle)),
    },
  ];
  const aucOf = (kernel: 'linear' | 'rbf') => {
    const fitted = fitSupportVector({ kernel }, { columns, labels }, range(0, 400), 1);
    return rocAuc(labels.slice(400), predictSupportVector(fitted, columns, range(400, 600)));
  };
  expect(aucOf('rbf')).toBeGreaterThan(0.97);
  expect(aucOf('linear')).toBeLessThan(0.65);
});

test('the probabilities are calibrated on rows that the machines did not see', () => {
  const data = makeUpRows(3_000, 42);
  const fitted = fitSupportVector({ C: 10 }, data, range(0, 1_500), 1);
  const predicted = predictSupportVector(fitted, data.columns, range(1_500, 3_000));
  const share = data.labels.slice(1_500).reduce((sum, label) => sum + label, 0) / 1_500;
  const mean = predicted.reduce((sum, p) => sum + p, 0) / 1_500;
  // Two standard errors of a share of 1,500 rows.
  expect(Math.abs(mean - share)).toBeLessThan(0.026);
});

test('class weights move the decision towards the class that counts more', () => {
  const data = makeUpRows(800, 43);
  const rows = range(0, 800);
  const positives = (classWeight: SupportVectorParameters['classWeight']) => {
    const fitted = fitSupportVector({ ...(classWeight && { classWeight }) }, data, rows, 1);
    return decide(fitted, data.columns, rows).filter(value => value > 0).length;
  };
  expect(positives({ negative: 1, positive: 5 })).toBeGreaterThan(positives(undefined));
  expect(positives({ negative: 5, positive: 1 })).toBeLessThan(positives(undefined));
});

test('the same rows and seed give the same machine; another seed only other probabilities', () => {
  const data = makeUpRows(300, 44);
  const fitWith = (seed: number) => fitSupportVector({}, data, range(0, 300), seed);
  expect(fitWith(1)).toEqual(fitWith(1));
  expect(fitWith(2).decision).toEqual(fitWith(1).decision);
  expect(fitWith(2).scaling).not.toEqual(fitWith(1).scaling);
});

test('rows outside those given have no say', () => {
  const { columns, labels } = makeUpRows(300, 45);
  const rows = range(0, 200);
  const others = labels.map((label, row) => (row < 200 ? label : 1 - label));
  expect(fitSupportVector({}, { columns, labels: others }, rows, 1)).toEqual(
    fitSupportVector({}, { columns, labels }, rows, 1),
  );
});

test('more than 20,000 rows are refused, with what to use instead', () => {
  const data = makeUpRows(20_001, 46);
  expect(() => fitSupportVector({}, data, range(0, 20_001), 1)).toThrow(
    expect.objectContaining({
      name: 'TooManyRowsError',
      message:
        'Cannot fit a support-vector machine on 20001 rows: its time grows with their square, expected 20000 at most; use gradient-boosting or logistic-regression instead',
    }),
  );
});

test('a limit of steps is kept, and a machine without a step predicts the share of positives', () => {
  const data = makeUpRows(300, 47);
  const fitted = fitSupportVector({ maxIter: 1, kernel: 'linear' }, data, range(0, 300), 1);
  expect(fitted.convergence).toEqual({ iterations: 1, converged: false });
});

test('invalid parameters are refused all at once, and a class of one row too', () => {
  const data = makeUpRows(50, 48);
  const invalid = { kernel: 'poly', C: 0, gamma: -1, maxIter: 0, tolerance: Number.NaN } as unknown;
  expect(() => fitSupportVector(invalid as SupportVectorParameters, data, range(0, 50), 1)).toThrow(
    'Cannot fit a support-vector machine: kernel is "poly", expected linear or rbf; C is 0, expected a finite number above 0; gamma is -1, expected scale or auto, or a finite number above 0; maxIter is 0, expected an integer above 0, or -1 for no limit; tolerance is NaN, expected a finite number above 0',
  );
  const weights = { negative: 1, positive: -1 };
  expect(() => fitSupportVector({ classWeight: weights }, data, range(0, 50), 1)).toThrow(
    'classWeight is {"negative":1,"positive":-1}, expected balanced, or {"negative": …, "positive": …} with finite numbers above 0',
  );
  const labels = new Uint8Array(50);
  labels[7] = 1;
  expect(() => fitSupportVector({}, { ...data, labels }, range(0, 50), 1)).toThrow(
    'Cannot part 50 rows into inner folds: a class has 1 of them',
  );
});
