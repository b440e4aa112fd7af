import { solveCholesky } from '../../../ml/logistic-regression/cholesky.ts';
import { createRandom } from '../../../ml/random.ts';

test('solveCholesky() solves a system with a known answer', () => {
  const matrix = Float64Array.of(4, 2, 0, 0, 5, 1, 0, 0, 3);
  const vector = Float64Array.of(8, 15, 11);
  solveCholesky(matrix, vector);
  expect([...vector].map(value => Number(value.toFixed(12)))).toEqual([1, 2, 3]);
});

test('solveCholesky() finds x of A x for random A', () => {
  const random = createRandom(3);
  for (const size of [1, 2, 7, 30]) {
    const root = Float64Array.from({ length: size * size }, () => random.normal());
    const at = (i: number, j: number) => {
      let sum = i === j ? 0.1 : 0;
      for (let k = 0; k < size; k++) sum += root[k * size + i]! * root[k * size + j]!;
      return sum;
    };
    const matrix = Float64Array.from({ length: size * size }, (_, place) => at(Math.floor(place / size), place % size));
    const x = Float64Array.from({ length: size }, () => random.normal());
    const vector = x.map((_, i) => x.reduce((sum, value, j) => sum + at(i, j) * value, 0));
    solveCholesky(matrix, vector);
    vector.forEach((value, i) => {
      expect(value).toBeCloseTo(x[i]!, 8);
    });
  }
});

test('solveCholesky() gives a singular direction no share', () => {
  const matrix = Float64Array.of(1, 1, 1, 1);
  const vector = Float64Array.of(2, 2);
  solveCholesky(matrix, vector);
  expect([...vector]).toEqual([2, 0]);
});
