import { createRandom } from '../../../ml/random.ts';
import { binFeatures } from '../../../ml/trees/binning.ts';
import { type GrowOptions, growTree } from '../../../ml/trees/grower.ts';
import { addTree, type Tree } from '../../../ml/trees/tree.ts';
import { range } from '../made-up-rows.ts';
import { makeUpDerivatives } from './made-up-derivatives.ts';

const free: GrowOptions = { lambda: 0, alpha: 0, gamma: 0, minChildWeight: 0, maxDepth: 10, maxLeaves: 1_000 };

function grow(
  columns: readonly Float32Array[],
  levels: readonly number[],
  target: Float64Array,
  options: GrowOptions,
): Tree {
  const rows = target.length;
  const gradients = target.map(value => -value);
  const hessians = new Float64Array(rows).fill(1);
  const quantized = {
    gradients: Int32Array.from(gradients, value => value * 64),
    hessians: new Int32Array(rows).fill(64),
    scale: 64,
  };
  const matrix = binFeatures(columns, levels, 255);
  const features = range(0, columns.length);
  return growTree({ matrix, quantized, gradients, hessians, rows: range(0, rows), features }, options);
}

function valuesOf(tree: Tree, columns: readonly Float32Array[]): number[] {
  const sums = new Float64Array(columns[0]!.length);
  addTree(tree, columns, sums);
  return [...sums];
}

test('a known tree of numbers, missing values and levels is recovered', () => {
  const random = createRandom(1);
  const draw = (of: () => number) => Float32Array.from({ length: 400 }, of);
  const number = draw(() => (random.uniform() < 0.2 ? Number.NaN : random.integer(10)));
  const level = draw(() => random.integer(4));
  const truth = Float64Array.from(number, (value, row) => {
    if (level[row] === 2) return 8;
    return Number.isNaN(value) || value <= 4 ? -1 : 2;
  });
  const tree = grow([number, level], [0, 4], truth, free);
  expect(valuesOf(tree, [number, level])).toEqual([...truth]);
  expect(tree.feature.filter(feature => feature < 0)).toHaveLength(3);
  // The level first, then the number among the rest.
  expect([tree.feature[0], tree.threshold[0], tree.byLevel[0]]).toEqual([1, 2, 1]);
  expect([tree.feature[2], tree.threshold[2], tree.missingLeft[2]]).toEqual([0, 4.5, 1]);
});

describe('a tree of random derivatives', () => {
  const random = createRandom(3);
  const columns = [0, 1, 2].map(() =>
    Float32Array.from({ length: 600 }, () => (random.uniform() < 0.1 ? Number.NaN : random.normal())),
  );
  const matrix = binFeatures(columns, [0, 0, 0], 64);
  const derivatives = makeUpDerivatives(600, random);
  const growFrom = (rows: Int32Array, options: Partial<GrowOptions>) =>
    growTree({ matrix, ...derivatives, rows, features: range(0, 3) }, { ...free, lambda: 1, ...options });

  test('keeps to its depth and leaves', () => {
    const deep = growFrom(range(0, 600), { maxDepth: 3 });
    expect(deep.feature.filter(feature => feature < 0)).toHaveLength(8);
    const wide = growFrom(range(0, 600), { maxLeaves: 5 });
    expect(wide.feature.filter(feature => feature < 0)).toHaveLength(5);
  });

  test('has covers that add up, and gains above 0', () => {
    const tree = growFrom(range(0, 600), { maxDepth: 4 });
    tree.feature.forEach((feature, node) => {
      if (feature < 0) return;
      expect(tree.cover[tree.left[node]!]! + tree.cover[tree.right[node]!]!).toBe(tree.cover[node]);
      expect(tree.gain[node]).toBeGreaterThan(0);
    });
  });

  test('gives each leaf the Newton step of its rows', () => {
    const tree = growFrom(range(0, 600), { maxDepth: 2 });
    const values = valuesOf(tree, columns);
    for (const value of new Set(values)) {
      const rows = [...range(0, 600)].filter(row => values[row] === value);
      const gradient = rows.reduce((sum, row) => sum + derivatives.gradients[row]!, 0);
      const hessian = rows.reduce((sum, row) => sum + derivatives.hessians[row]!, 0);
      expect(value).toBeCloseTo(-gradient / (hessian + 1), 6);
    }
  });

  test('grows alike from rows in any order, but for the last bits of its leaves', () => {
    const tree = growFrom(range(0, 600), { maxDepth: 5 });
    const reversed = growFrom(range(0, 600).reverse(), { maxDepth: 5 });
    expect({ ...reversed, value: 0 }).toEqual({ ...tree, value: 0 });
  });

  test('splits the leaf that gains most first', () => {
    const small = growFrom(range(0, 600), { maxLeaves: 4 });
    const large = growFrom(range(0, 600), { maxLeaves: 8 });
    const splitsOf = (tree: Tree) => [...tree.gain].filter(gain => gain > 0).sort((a, b) => b - a);
    expect(splitsOf(large)).toEqual(expect.arrayContaining(splitsOf(small)));
  });

  test('splits only the features it may', () => {
    const tree = growTree(
      { matrix, ...derivatives, rows: range(0, 600), features: Int32Array.of(1) },
      { ...free, maxDepth: 3 },
    );
    expect(new Set(tree.feature)).toEqual(new Set([1, -1]));
  });
});

test('one row, or nothing to gain, makes a single leaf', () => {
  expect(grow([Float32Array.of(1)], [0], Float64Array.of(3), free).value).toEqual(Float32Array.of(3));
  const constant = grow([Float32Array.of(1, 2, 3)], [0], Float64Array.of(2, 2, 2), free);
  expect(constant.value).toEqual(Float32Array.of(2));
});
