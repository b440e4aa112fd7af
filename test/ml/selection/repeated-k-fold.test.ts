import { createRandom } from '../../../ml/random.ts';
import { repeatedKFold } from '../../../ml/selection/repeated-k-fold.ts';

const random = createRandom(71);
const labels = Uint8Array.from({ length: 300 }, () => random.integer(2));
const groups = Array.from(labels, () => `client-${random.integer(120)}`);

test('every repeat splits the same rows in another way, groups together', () => {
  const repeats = repeatedKFold(labels, groups, { folds: 3, repeats: 4, seed: 1 });
  expect(repeats).toHaveLength(4);
  expect(new Set(repeats.map(folds => folds.join(','))).size).toBe(4);
  for (const folds of repeats) {
    const foldOf = new Map(groups.map((group, row) => [group, folds[row]]));
    expect(groups.map(group => foldOf.get(group))).toEqual([...folds]);
    expect(new Set(folds)).toEqual(new Set([0, 1, 2]));
  }
});

test('the seed alone decides the repeats', () => {
  const split = (seed: number) => repeatedKFold(labels, groups, { folds: 3, repeats: 2, seed });
  expect(split(1)).toEqual(split(1));
  expect(split(1)).not.toEqual(split(2));
});

test('no repeat is refused', () => {
  expect(() => repeatedKFold(labels, groups, { folds: 3, repeats: 0, seed: 1 })).toThrow(
    'repeats is 0, expected 1 or more',
  );
});
