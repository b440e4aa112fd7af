import { readFileSync } from 'node:fs';
import { type FeatureColumn, missingCode } from '../../../ml/columns.ts';
import {
  fitLogisticRegression,
  predictLogisticRegression,
} from '../../../ml/logistic-regression/logistic-regression.ts';
import { makeUpRows, range } from '../made-up-rows.ts';
import { readReferenceRows } from '../reference-rows.ts';

interface Reference {
  readonly fits: readonly { C: number; coefficients: number[]; intercept: number; probabilities: number[] }[];
}

/** test/reference/logistic-regression.py made it with scikit-learn. */
const reference: Reference = JSON.parse(readFileSync('test/reference/logistic-regression.json', 'utf8'));

describe.each(reference.fits)('with C = $C', ({ C, coefficients, intercept, probabilities }) => {
  const data = readReferenceRows();
  const model = fitLogisticRegression({ C }, data, range(0, data.fittedRows));

  // Standardized values and weights are float32 here and float64 there: a relative difference of 2⁻²⁴ in each of a few terms.
  test('the weights are those of scikit-learn', () => {
    expect(model.coefficients).toHaveLength(coefficients.length);
    model.coefficients.forEach((weight, i) => {
      expect(weight).toBeCloseTo(coefficients[i]!, 5);
    });
    expect(model.intercept).toBeCloseTo(intercept, 5);
  });

  test('the probabilities are those of scikit-learn, for missing values and unseen levels too', () => {
    const predicted = predictLogisticRegression(model, data.columns, range(0, data.labels.length));
    predicted.forEach((probability, row) => {
      expect(probability).toBeCloseTo(probabilities[row]!, 6);
    });
  });

  test('the search converges in a few steps', () => {
    expect(model.convergence.converged).toBe(true);
    expect(model.convergence.iterations).toBeLessThanOrEqual(8);
  });
});

test('the intercept alone, under a heavy penalty, predicts the share of positives', () => {
  const data = makeUpRows(2_000, 1);
  const model = fitLogisticRegression({ C: 1e-9 }, data, range(0, 2_000));
  const share = data.labels.reduce((sum, label) => sum + label, 0) / 2_000;
  const [probability] = predictLogisticRegression(model, data.columns, range(0, 1));
  expect(probability).toBeCloseTo(share, 5);
});

test('a separable problem without much penalty ends, and separates', () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  const data = { columns: [{ kind: 'number', name: 'x', values }], labels: Uint8Array.of(0, 0, 0, 1, 1, 1) } as const;
  const model = fitLogisticRegression({ C: 1e8 }, data, range(0, 6));
  const predicted = predictLogisticRegression(model, data.columns, range(0, 6));
  expect(model.convergence.converged).toBe(true);
  expect([...predicted].map(Math.round)).toEqual([0, 0, 0, 1, 1, 1]);
});

test('equal columns share their weight', () => {
  const { columns, labels } = makeUpRows(500, 2);
  const age = columns[0]!;
  const twice = { columns: [age, { ...age, name: 'same' }], labels };
  const model = fitLogisticRegression({ C: 1e12 }, twice, range(0, 500));
  const once = fitLogisticRegression({ C: 1e12 }, { columns: [age], labels }, range(0, 500));
  expect(model.coefficients[0]! + model.coefficients[1]!).toBeCloseTo(once.coefficients[0]!, 4);
});

test('a feature that is always missing, or constant, has no say', () => {
  const { columns, labels } = makeUpRows(300, 3);
  const without = fitLogisticRegression({ C: 1 }, { columns, labels }, range(0, 300));
  const empty: FeatureColumn[] = [
    { kind: 'number', name: 'empty', values: new Float32Array(300).fill(Number.NaN) },
    { kind: 'number', name: 'constant', values: new Float32Array(300).fill(3) },
    { kind: 'category', name: 'blank', levels: ['a'], codes: new Int32Array(300).fill(missingCode) },
  ];
  const model = fitLogisticRegression({ C: 1 }, { columns: [...columns, ...empty], labels }, range(0, 300));
  expect(predictLogisticRegression(model, [...columns, ...empty], range(0, 300))).toEqual(
    predictLogisticRegression(without, columns, range(0, 300)),
  );
});

test('too few iterations are reported', () => {
  const { convergence } = fitLogisticRegression({ C: 1, maxIter: 1 }, makeUpRows(500, 4), range(0, 500));
  expect(convergence).toEqual({ iterations: 1, converged: false });
});

test('invalid parameters and rows of one class are refused', () => {
  const data = makeUpRows(50, 4);
  for (const C of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => fitLogisticRegression({ C }, data, range(0, 50))).toThrow(
      `C is ${C}, expected a finite number above 0`,
    );
  }
  expect(() => fitLogisticRegression({ C: 1, maxIter: 0 }, data, range(0, 50))).toThrow('maxIter is 0');
  const negatives = range(0, 50).filter(row => data.labels[row] === 0);
  expect(() => fitLogisticRegression({ C: 1 }, data, negatives)).toThrow('rows of one class');
  expect(() => fitLogisticRegression({ C: 1 }, data, range(0, 0))).toThrow('Cannot fit on 0 rows');
});
