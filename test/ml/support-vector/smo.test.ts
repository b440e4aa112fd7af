import { createRandom } from '../../../ml/random.ts';
import { type DualProblem, solveDual } from '../../../ml/support-vector/smo.ts';

const options = { tolerance: 1e-9, maxIter: -1 };

/** The dual of points on a plane or line, with a linear or Gaussian kernel. */
function problemOf(points: number[][], targets: number[], C: number, gamma?: number): DualProblem {
  const kernel = points.map(x =>
    Float32Array.from(points, y => {
      const dot = x.reduce((sum, value, i) => sum + value * y[i]!, 0);
      const distance = x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0);
      return gamma === undefined ? dot : Math.exp(-gamma * distance);
    }),
  );
  return {
    kernelRow: row => kernel[row]!,
    diagonal: Float64Array.from(kernel, (row, i) => row[i]!),
    targets: Float64Array.from(targets),
    lower: Float64Array.from(targets, target => (target > 0 ? 0 : -C)),
    upper: Float64Array.from(targets, target => (target > 0 ? C : 0)),
  };
}

function objective({ kernelRow, targets }: DualProblem, weights: Float64Array): number {
  return weights.reduce((sum, weight, i) => {
    const product = weights.reduce((inner, other, j) => inner + other * kernelRow(i)[j]!, 0);
    return sum + weight * targets[i]! - (weight * product) / 2;
  }, 0);
}

/** Every pair in turn, moved to where the objective is highest, until nothing moves. */
function solveNaively(problem: DualProblem): Float64Array {
  const { kernelRow, targets, lower, upper } = problem;
  const weights = new Float64Array(targets.length);
  const slope = (row: number) => targets[row]! - weights.reduce((sum, w, j) => sum + w * kernelRow(row)[j]!, 0);
  for (let round = 0; round < 3_000; round++) {
    let moved = 0;
    for (let i = 0; i < weights.length; i++) {
      for (let j = 0; j < i; j++) {
        const curvature = kernelRow(i)[i]! + kernelRow(j)[j]! - 2 * kernelRow(i)[j]!;
        if (curvature < 1e-9) continue;
        const most = Math.min(upper[i]! - weights[i]!, weights[j]! - lower[j]!);
        const least = Math.max(lower[i]! - weights[i]!, weights[j]! - upper[j]!);
        const length = Math.min(Math.max((slope(i) - slope(j)) / curvature, least), most);
        weights[i]! += length;
        weights[j]! -= length;
        moved = Math.max(moved, Math.abs(length));
      }
    }
    if (moved < 1e-12) break;
  }
  return weights;
}

test('two points carry the line half way between them', () => {
  const { weights, bias, converged } = solveDual(problemOf([[1], [3]], [-1, 1], 100), options);
  // f(x) = x − 2: a slope of 2 / distance, so weights of ½.
  expect([...weights]).toEqual([-0.5, 0.5]);
  expect(bias).toBe(-2);
  expect(converged).toBe(true);
});

test('points far from the margin carry nothing', () => {
  const points = [
    [0, 0],
    [1, 1],
    [5, 5],
    [-4, -3],
  ];
  const { weights } = solveDual(problemOf(points, [-1, 1, 1, -1], 100), options);
  expect([...weights].map(weight => Math.abs(weight) > 1e-12)).toEqual([true, true, false, false]);
});

test('without any weight within its bounds the bias is in the middle of what the rows allow', () => {
  // Both weights reach 0.1; f = 0.1 · 2 · x + bias is −1 at most at 1, 1 at least at 3, short by as much on both sides.
  const { weights, bias } = solveDual(problemOf([[1], [3]], [-1, 1], 0.1), options);
  expect([...weights]).toEqual([-0.1, 0.1]);
  expect(bias).toBeCloseTo(-0.4, 12);
});

test('solveDual() reaches the objective of moving every pair in turn', () => {
  const random = createRandom(31);
  for (const gamma of [undefined, 0.5]) {
    for (const C of [0.1, 1, 10]) {
      const targets = Array.from({ length: 24 }, (_, row) => (row < 2 ? 2 * row - 1 : 2 * random.integer(2) - 1));
      const points = targets.map(target => [random.normal() + target / 2, random.normal()]);
      const problem = problemOf(points, targets, C, gamma);
      const { weights, converged } = solveDual(problem, options);
      expect(converged).toBe(true);
      expect(objective(problem, weights)).toBeCloseTo(objective(problem, solveNaively(problem)), 6);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(0, 9);
      weights.forEach((weight, row) => {
        expect(weight).toBeGreaterThanOrEqual(problem.lower[row]!);
        expect(weight).toBeLessThanOrEqual(problem.upper[row]!);
      });
    }
  }
});

test('equal points of both classes end', () => {
  const { converged, weights } = solveDual(problemOf([[1], [1], [1]], [1, -1, 1], 2), options);
  expect(converged).toBe(true);
  expect(weights.every(Number.isFinite)).toBe(true);
});

test('a limit of steps is kept and reported', () => {
  const random = createRandom(32);
  const targets = Array.from({ length: 50 }, (_, row) => 2 * (row % 2) - 1);
  const problem = problemOf(
    targets.map(() => [random.normal(), random.normal()]),
    targets,
    1,
    1,
  );
  expect(solveDual(problem, { tolerance: 1e-9, maxIter: 5 })).toMatchObject({ iterations: 5, converged: false });
});

test('rows left out on the way violate nothing in the end', () => {
  const random = createRandom(33);
  const targets = Array.from({ length: 300 }, (_, row) => 2 * (row % 2) - 1);
  const points = targets.map(target => [random.normal() + target / 2, random.normal()]);
  const problem = problemOf(points, targets, 20);
  const { weights, bias, iterations, converged } = solveDual(problem, { tolerance: 1e-6, maxIter: -1 });
  expect(converged).toBe(true);
  // Enough steps for rows to be left out several times.
  expect(iterations).toBeGreaterThan(3_000);
  weights.forEach((weight, row) => {
    const value = weights.reduce((sum, other, i) => sum + other * problem.kernelRow(row)[i]!, bias);
    const margin = targets[row]! * value;
    // Kernel rows are float32: errors of 2⁻²⁴ of each of 300 terms of up to 20 · 10.
    if (weight === 0) expect(margin).toBeGreaterThan(1 - 1e-3);
    else if (Math.abs(weight) === 20) expect(margin).toBeLessThan(1 + 1e-3);
    else expect(Math.abs(margin - 1)).toBeLessThan(1e-3);
  });
});
