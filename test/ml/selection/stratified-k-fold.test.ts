import { createRandom } from '../../../ml/random.ts';
import { stratifiedKFold } from '../../../ml/selection/stratified-k-fold.ts';

/** Rows of each class in each fold: `[negatives, positives]`. */
function countFolds(folds: Int32Array, labels: Uint8Array, count: number): [number, number][] {
  const counts = Array.from({ length: count }, (): [number, number] => [0, 0]);
  folds.forEach((fold, row) => {
    counts[fold]![labels[row] as 0 | 1] += 1;
  });
  return counts;
}

function drawLabels(rows: number, share: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: rows }, () => (random.uniform() < share ? 1 : 0));
}

test('every fold has its share of each class', () => {
  const labels = drawLabels(1_003, 0.11, 1);
  const folds = stratifiedKFold(
    labels,
    Array.from(labels, (_, row) => `client-${row}`),
    5,
    42,
  );
  const counts = countFolds(folds, labels, 5);
  for (const label of [0, 1] as const) {
    const ofClass = counts.map(count => count[label]);
    expect(Math.max(...ofClass) - Math.min(...ofClass)).toBeLessThanOrEqual(1);
  }
});

test('rows of one group stay together, and the folds stay balanced', () => {
  const labels = drawLabels(2_000, 0.2, 2);
  const random = createRandom(3);
  const groups = Array.from(labels, () => `client-${random.integer(700)}`);
  const folds = stratifiedKFold(labels, groups, 4, 42);
  const foldOf = new Map<string, number>();
  groups.forEach((group, row) => {
    expect(foldOf.get(group) ?? folds[row]).toBe(folds[row]);
    foldOf.set(group, folds[row]!);
  });
  for (const [negatives, positives] of countFolds(folds, labels, 4)) {
    expect(negatives + positives).toBeGreaterThan(480);
    expect(negatives + positives).toBeLessThan(520);
    expect(positives / (negatives + positives)).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / 2_000, 2);
  }
});

test('the seed alone decides the folds', () => {
  const labels = drawLabels(200, 0.3, 4);
  const groups = Int32Array.from(labels, (_, row) => row);
  expect(stratifiedKFold(labels, groups, 5, 1)).toEqual(stratifiedKFold(labels, groups, 5, 1));
  expect(stratifiedKFold(labels, groups, 5, 1)).not.toEqual(stratifiedKFold(labels, groups, 5, 2));
});

test('the folds do not follow the order of the rows', () => {
  const labels = drawLabels(1_000, 0.5, 5);
  const folds = stratifiedKFold(
    labels,
    Int32Array.from(labels, (_, row) => row),
    2,
    6,
  );
  const firstHalf = folds.subarray(0, 500).reduce((sum, fold) => sum + fold, 0);
  expect(Math.abs(firstHalf - 250)).toBeLessThan(50);
});

test('a class with fewer groups than folds is refused', () => {
  const labels = Uint8Array.of(1, 1, 1, 0, 0, 0);
  expect(() => stratifiedKFold(labels, ['a', 'a', 'a', 'b', 'c', 'd'], 2, 1)).toThrow(
    'Cannot split into 2 folds: a class occurs in 1 groups, expected at least one a fold',
  );
  expect(() => stratifiedKFold(labels, [1, 2, 3, 4, 5, 6], 4, 1)).toThrow(RangeError);
  expect(() => stratifiedKFold(labels, [1, 2, 3, 4, 5, 6], 1, 1)).toThrow(
    'Cannot split into 1 folds: expected 2 or more',
  );
});
