import { readFileSync } from 'node:fs';
import { sigmoid } from '../../../ml/arithmetic/sigmoid.ts';
import { type FeatureColumn, missingCode } from '../../../ml/columns.ts';
import { triedStrengths } from '../../../ml/logistic-regression/choose-strength.ts';
import {
  fitLogisticRegression,
  type LogisticRegression,
  predictLogisticRegression,
} from '../../../ml/logistic-regression/logistic-regression.ts';
import type { LogisticRegressionParameters } from '../../../ml/logistic-regression/parameters.ts';
import { createRandom } from '../../../ml/random.ts';
import { makeUpRows, range } from '../made-up-rows.ts';
import { readReferenceRows } from '../reference-rows.ts';

interface Reference {
  readonly fits: readonly {
    parameters: LogisticRegressionParameters;
    coefficients: number[];
    intercept: number;
    probabilities: number[];
  }[];
}

/** test/reference/logistic-regression.py made it with scikit-learn. */
const reference: Reference = JSON.parse(readFileSync('test/reference/logistic-regression.json', 'utf8'));

describe.each(reference.fits)('with $parameters', ({ parameters, coefficients, intercept, probabilities }) => {
  const data = readReferenceRows();
  const model = fitLogisticRegression(parameters, data, range(0, data.fittedRows));

  // Standardized values and weights are float32 here and float64 there: a relative difference of 2⁻²⁴ in each of a few terms.
  test('the weights are those of scikit-learn', () => {
    expect(model.coefficients).toHaveLength(coefficients.length);
    model.coefficients.forEach((weight, i) => {
      expect(weight).toBeCloseTo(coefficients[i]!, 5);
    });
    expect(model.intercept).toBeCloseTo(intercept, 5);
  });

  test('the weights that an L1 penalty makes 0 are those of scikit-learn', () => {
    expect([...model.coefficients].map(weight => weight === 0)).toEqual(coefficients.map(weight => weight === 0));
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

test('C is chosen by inner folds: a strong penalty where labels are noise, a weak one where they are not', () => {
  const { columns } = makeUpRows(1_000, 5);
  const random = createRandom(6);
  const noise = Uint8Array.from({ length: 1_000 }, () => random.integer(2));
  const age = columns[0]!;
  const clear = Uint8Array.from(noise, (_, row) => (age.kind === 'number' && age.values[row]! > 50 ? 1 : 0));
  const chosen = (labels: Uint8Array, seed = 1) =>
    fitLogisticRegression({ C: 'auto' }, { columns, labels }, range(0, 1_000), seed).C;
  expect(chosen(noise)).toBeLessThanOrEqual(0.01);
  expect(chosen(clear)).toBeGreaterThanOrEqual(100);
  expect(chosen(noise, 1)).toBe(chosen(noise, 1));
});

test('a chosen C fits as the same C given', () => {
  const data = makeUpRows(600, 7);
  const chosen = fitLogisticRegression({ C: 'auto', l1Ratio: 1 }, data, range(0, 500), 1);
  expect(fitLogisticRegression({ C: chosen.C, l1Ratio: 1 }, data, range(0, 500))).toEqual(chosen);
});

test('C is chosen by fewer inner folds where a class has few rows', () => {
  const data = makeUpRows(200, 9);
  const withPositives = (count: number) => ({ ...data, labels: data.labels.map((_, row) => (row < count ? 1 : 0)) });
  const fitWith = (count: number) => fitLogisticRegression({ C: 'auto' }, withPositives(count), range(0, 200), 1);
  expect(triedStrengths).toContain(fitWith(3).C);
  expect(() => fitWith(1)).toThrow('a class has 1 of them');
});

test('rows are predicted by more columns than a call takes arguments', () => {
  const levels = Array.from({ length: 200_000 }, (_, i) => `level-${i}`);
  const fitted: LogisticRegression = {
    algorithm: 'logistic-regression',
    preprocessing: { features: [{ kind: 'category', name: 'x', levels, imputed: 0 }] },
    coefficients: Float32Array.from(levels, (_, i) => i % 2),
    intercept: 1,
    C: 1,
    convergence: { iterations: 1, converged: true },
  };
  const columns: FeatureColumn[] = [{ kind: 'category', name: 'x', levels, codes: Int32Array.of(0, 199_999, -2) }];
  const probabilities = predictLogisticRegression(fitted, columns, range(0, 3));
  expect(probabilities).toEqual(Float64Array.of(sigmoid(1), sigmoid(2), sigmoid(1)));
});

test('more columns than Newton takes are fitted by L-BFGS', () => {
  const rows = 1_500;
  const random = createRandom(8);
  const levels = Array.from({ length: 600 }, (_, i) => `level-${i}`);
  const codes = Int32Array.from({ length: rows }, (_, row) => (row < 600 ? row : random.integer(600)));
  const x = Float32Array.from(codes, () => random.normal());
  const labels = Uint8Array.from(codes, (code, row) => (random.normal() < x[row]! + (code % 2) - 0.5 ? 1 : 0));
  const columns: FeatureColumn[] = [
    { kind: 'number', name: 'x', values: x },
    { kind: 'category', name: 'level', levels, codes },
  ];
  for (const l1Ratio of [0, 0.5]) {
    const { convergence, coefficients } = fitLogisticRegression({ l1Ratio }, { columns, labels }, range(0, rows));
    expect(convergence.converged).toBe(true);
    expect(coefficients[0]).toBeGreaterThan(0.5);
    expect(coefficients.some(weight => weight === 0)).toBe(l1Ratio > 0);
  }
});
