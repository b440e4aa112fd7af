import { minimizeByLbfgs } from '../../../ml/logistic-regression/lbfgs.ts';
import { createLogLoss, evaluateLogLoss, type WeighedRows } from '../../../ml/logistic-regression/log-loss.ts';
import { minimizeByNewton } from '../../../ml/logistic-regression/newton.ts';
import { absolutePenalty, addSquaredPenalty, type Penalty } from '../../../ml/logistic-regression/penalty.ts';
import { startingPoint } from '../../../ml/logistic-regression/starting-point.ts';
import { encodeRows } from '../../../ml/preprocessing/design-matrix.ts';
import { fitPreprocessing } from '../../../ml/preprocessing/fit-preprocessing.ts';
import { makeUpRows, range } from '../made-up-rows.ts';

const { columns, labels } = makeUpRows(700, 91);
const rows: WeighedRows = {
  matrix: encodeRows(fitPreprocessing(columns, range(0, 700)), columns, range(0, 700)),
  labels,
  classWeights: { negative: 0.8, positive: 1.7 },
};

function evaluate(weights: Float64Array, penalty: Penalty) {
  const loss = createLogLoss(rows.matrix, 1);
  evaluateLogLoss(rows, weights, createLogLoss(rows.matrix, 1), loss);
  addSquaredPenalty(loss, weights, penalty);
  return { objective: loss.value + absolutePenalty(weights, penalty), gradient: loss.gradient };
}

/** Proximal gradient descent with a small fixed step: slow, and too simple to be wrong. */
function minimizeNaively(penalty: Penalty): Float64Array {
  const step = 0.001;
  const weights = startingPoint(rows);
  for (let round = 0; round < 4_000; round++) {
    const { gradient } = evaluate(weights, penalty);
    for (let i = 0; i < weights.length; i++) {
      const aim = weights[i]! - step * gradient[i]!;
      const shrunk = Math.sign(aim) * Math.max(Math.abs(aim) - step * penalty.l1, 0);
      weights[i] = i === weights.length - 1 ? aim : shrunk;
    }
  }
  return weights;
}

const minimizers = { minimizeByNewton, minimizeByLbfgs };

describe.each([
  { l1: 0, l2: 1 },
  { l1: 0, l2: 0.01 },
  { l1: 10, l2: 0 },
  { l1: 5, l2: 5 },
  { l1: 60, l2: 1 },
])('with the penalty %j', penalty => {
  const expected = evaluate(minimizeNaively(penalty), penalty).objective;

  test.each(Object.keys(minimizers) as (keyof typeof minimizers)[])('%s() reaches the minimum', name => {
    const { weights, converged } = minimizers[name](rows, startingPoint(rows), {
      penalty,
      maxIter: 1_000,
      tolerance: 1e-12,
    });
    const { objective, gradient } = evaluate(weights, penalty);
    expect(converged).toBe(true);
    expect(objective).toBeLessThanOrEqual(expected * (1 + 1e-9));
    // Optimality: a weight of 0 has a slope within ±l1, any other one that the penalty cancels.
    for (let i = 0; i < weights.length - 2; i++) {
      if (weights[i] === 0) expect(Math.abs(gradient[i]!)).toBeLessThanOrEqual(penalty.l1 + 1e-2);
      else expect(Math.abs(gradient[i]! + Math.sign(weights[i]!) * penalty.l1)).toBeLessThan(1e-2);
    }
    expect(Math.abs(gradient.at(-1)!)).toBeLessThan(1e-2);
  });

  test('both find the same weights 0', () => {
    const options = { penalty, maxIter: 1_000, tolerance: 1e-12 };
    const [newton, lbfgs] = Object.values(minimizers).map(minimize => minimize(rows, startingPoint(rows), options));
    const zeros = (weights: Float64Array) => Array.from(weights, weight => weight === 0);
    expect(zeros(lbfgs!.weights)).toEqual(zeros(newton!.weights));
  });
});

test('an overwhelming L1 penalty leaves the intercept alone', () => {
  for (const minimize of Object.values(minimizers)) {
    const start = startingPoint(rows);
    const { weights } = minimize(rows, start, { penalty: { l1: 1e6, l2: 0 }, maxIter: 100, tolerance: 1e-9 });
    expect(weights.subarray(0, -1).every(weight => weight === 0)).toBe(true);
    expect(weights.at(-1)).toBeCloseTo(start.at(-1)!, 12);
  }
});

test('a class weight of 2 counts as every row of the class twice', () => {
  const picked = Int32Array.of(...range(0, 700), ...range(0, 700).filter(row => labels[row] === 1));
  const twice: WeighedRows = {
    matrix: encodeRows(fitPreprocessing(columns, range(0, 700)), columns, picked),
    labels: Uint8Array.from(picked, row => labels[row]!),
    classWeights: { negative: 1, positive: 1 },
  };
  const weighed = { ...rows, classWeights: { negative: 1, positive: 2 } };
  const options = { penalty: { l1: 1, l2: 1 }, maxIter: 100, tolerance: 1e-12 };
  const expected = minimizeByNewton(twice, startingPoint(twice), options).weights;
  minimizeByNewton(weighed, startingPoint(weighed), options).weights.forEach((weight, i) => {
    expect(weight).toBeCloseTo(expected[i]!, 8);
  });
});

test('a tolerance finer than rounding ends where no step descends', () => {
  for (const minimize of Object.values(minimizers)) {
    const options = { penalty: { l1: 0, l2: 1 }, maxIter: 1_000, tolerance: 1e-300 };
    const { converged, iterations } = minimize(rows, startingPoint(rows), options);
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(100);
  }
});

test('too few steps are reported by both', () => {
  for (const minimize of Object.values(minimizers)) {
    const options = { penalty: { l1: 0, l2: 1 }, maxIter: 1, tolerance: 1e-12 };
    expect(minimize(rows, startingPoint(rows), options)).toMatchObject({ iterations: 1, converged: false });
  }
});
