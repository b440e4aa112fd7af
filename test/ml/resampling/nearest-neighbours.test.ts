import { readFileSync } from 'node:fs';
import { createRandom } from '../../../ml/random.ts';
import { nearestNeighbours, type Points } from '../../../ml/resampling/nearest-neighbours.ts';
import { areNumbers, placePoints } from '../../../ml/resampling/smote-points.ts';
import { range } from '../made-up-rows.ts';
import { readReferenceRows } from '../reference-rows.ts';

/** test/reference/nearest-neighbours.py made it with scikit-learn. */
const reference: { neighbours: number[][]; distances: number[][] } = JSON.parse(
  readFileSync('test/reference/nearest-neighbours.json', 'utf8'),
);

function distanceOf({ numbers, names, difference }: Points, a: number, b: number): number {
  const squares = numbers.reduce((sum, column) => sum + (column[a]! - column[b]!) ** 2, 0);
  return squares + names.reduce((sum, column) => sum + (column[a] === column[b] ? 0 : difference), 0);
}

test('nearestNeighbours() of the points of a class are those of scikit-learn', () => {
  const { columns, labels, fittedRows } = readReferenceRows();
  const rows = range(0, fittedRows);
  const points = placePoints(
    columns,
    areNumbers(columns, rows),
    rows,
    rows.filter(row => labels[row] === 1),
  );
  const found = nearestNeighbours(points, 5);
  expect(found).toHaveLength(reference.neighbours.length * 5);
  // Standardized numbers are float32 here, so two neighbours as good as equally near may change places: distances are compared.
  found.forEach((neighbour, i) => {
    const distance = Math.sqrt(distanceOf(points, Math.floor(i / 5), neighbour));
    expect(distance).toBeCloseTo(reference.distances[Math.floor(i / 5)]![i % 5]!, 6);
  });
  const same = found.filter((neighbour, i) => neighbour === reference.neighbours[Math.floor(i / 5)]![i % 5]);
  expect(same.length / found.length).toBeGreaterThan(0.99);
});

test('nearestNeighbours() on a line are the ones beside, the first of equals', () => {
  const line = { count: 4, numbers: [Float32Array.of(0, 1, 2, 10)], names: [], difference: 1 };
  expect([...nearestNeighbours(line, 2)]).toEqual([1, 2, 0, 2, 1, 0, 2, 1]);
});

test('nearestNeighbours() are those of a full sort', () => {
  const random = createRandom(51);
  const count = 70;
  const points: Points = {
    count,
    numbers: [0, 1].map(() => Float32Array.from({ length: count }, () => random.integer(12))),
    names: [0, 1].map(() => Int32Array.from({ length: count }, () => random.integer(3) - 1)),
    difference: 2.25,
  };
  const found = nearestNeighbours(points, 7);
  for (let point = 0; point < count; point++) {
    const sorted = Array.from({ length: count }, (_, other) => other)
      .filter(other => other !== point)
      .sort((a, b) => distanceOf(points, point, a) - distanceOf(points, point, b));
    expect([...found.subarray(point * 7, point * 7 + 7)]).toEqual(sorted.slice(0, 7));
  }
});
