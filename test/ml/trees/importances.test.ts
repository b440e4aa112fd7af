import { importancesOf } from '../../../ml/trees/importances.ts';
import type { Tree } from '../../../ml/trees/tree.ts';

/** Only what importances are made of. */
function makeTree(feature: number[], gain: number[], cover: number[]): Tree {
  const parts = { feature: Int32Array.from(feature), gain: Float64Array.from(gain), cover: Float64Array.from(cover) };
  return parts as Partial<Tree> as Tree;
}

test('gain, cover and frequency of each feature are shares of all trees', () => {
  const trees = [
    makeTree([1, 0, -1, -1, -1], [6, 1, 0, 0, 0], [10, 5, 5, 3, 2]),
    makeTree([1, -1, -1], [1, 0, 0], [5, 4, 1]),
  ];
  expect(importancesOf(trees, ['a', 'b', 'c'])).toEqual([
    { name: 'a', gain: 1 / 8, cover: 5 / 20, frequency: 1 / 3 },
    { name: 'b', gain: 7 / 8, cover: 15 / 20, frequency: 2 / 3 },
    { name: 'c', gain: 0, cover: 0, frequency: 0 },
  ]);
});

test('trees without a split rely on nothing', () => {
  expect(importancesOf([makeTree([-1], [0], [3])], ['a'])).toEqual([{ name: 'a', gain: 0, cover: 0, frequency: 0 }]);
});
