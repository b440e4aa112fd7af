import { createRandom } from '../../../ml/random.ts';
import { drawRoot } from '../../../ml/trees/draw-root.ts';
import { growTree } from '../../../ml/trees/grower.ts';
import type { GrowOptions } from '../../../ml/trees/node.ts';
import { addTree, leftLevels, type Tree } from '../../../ml/trees/tree.ts';
import type { Workspace } from '../../../ml/trees/workspace.ts';
import { range } from '../made-up-rows.ts';
import {
  binColumns,
  freeOptions,
  madeUpLevels,
  makeUpColumns,
  makeUpResiduals,
  readBins,
  writeResiduals,
} from './made-up-workspace.ts';
import { growNaively, type NaiveInput, type NaiveNode, naiveLeafValue } from './naive-tree.ts';

const scale = 4096;

/** Grows a tree from all rows, or from those taken. */
function grow(workspace: Workspace, options: Partial<GrowOptions>, taken?: Uint8Array): Tree {
  drawRoot(workspace, taken);
  return growTree(workspace, range(0, workspace.features.length), scale, { ...freeOptions, ...options });
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
  const columns = [number, level];
  const truth = number.map((value, row) => {
    if (level[row] === 2) return -0.75;
    return Number.isNaN(value) || value <= 4 ? 0.125 : 0.25;
  });
  const workspace = binColumns(columns, [0, 4]);
  writeResiduals(workspace, truth, scale);
  const tree = grow(workspace, {});
  expect(tree.feature.filter(feature => feature < 0)).toHaveLength(3);
  // The level first, then the number among the rest.
  expect([tree.feature[0], ...leftLevels(tree, 0)]).toEqual([1, 2]);
  expect([tree.feature[2], tree.threshold[2], tree.missingLeft[2]]).toEqual([0, 4.5, 1]);
  // A leaf of equal residuals r is worth −r / (|r| (1 − |r|)).
  const expected = truth.map(r => -r / (Math.abs(r) * (1 - Math.abs(r))));
  expect(Float32Array.from(valuesOf(tree, columns))).toEqual(expected);
});

describe('a tree of random derivatives', () => {
  const rows = 300;
  const variants: Partial<GrowOptions>[] = [
    { maxDepth: 4 },
    { maxDepth: 5, lambda: 1, minChildWeight: 2 },
    { maxDepth: 6, growth: 'leaf-wise', maxLeaves: 9, alpha: 0.7 },
    { maxDepth: 30, growth: 'leaf-wise', maxLeaves: 14, lambda: 0.3, minSplitGain: 0.1 },
    { maxDepth: 5, growth: 'depth-wise', maxLeaves: 11, lambda: 1 },
    { maxDepth: 5, lambda: 1, maxDeltaStep: 0.4, alpha: 0.1 },
    { maxDepth: 5, lambda: 1, directions: Int8Array.of(1, -1, 0, 0) },
    { maxDepth: 5, lambda: 1, directions: Int8Array.of(-1, 1, 0, 0), growth: 'leaf-wise', maxLeaves: 12 },
    { maxDepth: 4, lambda: 1, categoryLambda: 2, categorySmoothing: 3, oneLevelUpTo: 2 },
    { maxDepth: 4, lambda: 1, oneLevelUpTo: 20 },
  ];

  test.each(variants.flatMap((options, i) => [1, 3].map(threads => ({ options, threads, seed: 10 + i }))))(
    'is the one that trying every split makes, with $options and $threads threads',
    ({ options, threads, seed }) => {
      const random = createRandom(seed);
      const columns = makeUpColumns(rows, random);
      const residuals = makeUpResiduals(rows, random);
      const taken = Uint8Array.from({ length: rows }, () => (random.uniform() < 0.8 ? 1 : 0));
      const isBounded = 'directions' in options || 'maxDeltaStep' in options;
      const workspace = binColumns(columns, madeUpLevels, threads, 16, isBounded);
      writeResiduals(workspace, residuals, scale);
      const tree = grow(workspace, options, taken);
      const input: NaiveInput = {
        features: workspace.features,
        bins: readBins(workspace),
        residuals,
        rows: [...range(0, rows)].filter(row => taken[row] === 1),
        drawn: [0, 1, 2, 3],
        scale,
        options: { ...freeOptions, ...options },
      };
      expectSame(tree, input, growNaively(input));
    },
  );

  /** The same splits in the same order; leaf values but for the last bits of sums. */
  function expectSame(tree: Tree, input: NaiveInput, nodes: readonly NaiveNode[]): void {
    const shapeOf = (node: number) =>
      tree.feature[node]! < 0
        ? 'leaf'
        : {
            feature: tree.feature[node],
            levels: [...leftLevels(tree, node)],
            missingLeft: tree.missingLeft[node] === 1,
          };
    const expected = nodes.map(({ split, children }) =>
      split && children
        ? { feature: split.feature, levels: [...(split.levels ?? [])], missingLeft: split.missingLeft }
        : 'leaf',
    );
    expect(Array.from(tree.feature, (_, node) => shapeOf(node))).toEqual(expected);
    nodes.forEach((node, i) => {
      if (node.children) expect(tree.gain[i]).toBeCloseTo(node.split!.gain, 9);
      else expect(tree.value[i]).toBeCloseTo(naiveLeafValue(input, node), 6);
    });
  }
});

describe('a larger tree', () => {
  const random = createRandom(3);
  const columns = makeUpColumns(20_000, random);
  const residuals = makeUpResiduals(20_000, random);
  const growOn = (threads: number, options: Partial<GrowOptions>, bounded = true) => {
    const workspace = binColumns(columns, madeUpLevels, threads, 255, bounded);
    writeResiduals(workspace, residuals, scale);
    return { workspace, tree: grow(workspace, { lambda: 1, ...options }) };
  };

  test('is the same for any number of threads', () => {
    const { tree } = growOn(1, { maxDepth: 9 });
    for (const threads of [2, 3, 7]) expect(growOn(threads, { maxDepth: 9 }).tree).toEqual(tree);
  });

  test('is the same with bounds that hold nothing back', () => {
    const { tree } = growOn(1, { maxDepth: 8 });
    expect(growOn(1, { maxDepth: 8 }, false).tree.feature).toEqual(tree.feature);
  });

  test('has covers that add up, and gains above 0', () => {
    const { tree } = growOn(1, { maxDepth: 6 });
    tree.feature.forEach((feature, node) => {
      if (feature < 0) return;
      expect(tree.cover[tree.left[node]!]! + tree.cover[tree.right[node]!]!).toBe(tree.cover[node]);
      expect(tree.gain[node]).toBeGreaterThan(0);
    });
  });

  test('notes for each row the leaf whose value it predicts', () => {
    const { workspace, tree } = growOn(3, { maxDepth: 7 });
    const { shorts, doubles, at } = workspace;
    const noted = Array.from(residuals, (_, row) => doubles[at.leafValues / 8 + shorts[at.leafOf / 2 + row]!]);
    expect(noted).toEqual(valuesOf(tree, columns));
  });

  test('splits the leaf that gains most first', () => {
    const grown = (maxLeaves: number) => growOn(1, { growth: 'leaf-wise', maxLeaves }).tree;
    const splitsOf = (tree: Tree) => [...tree.gain].filter(gain => gain > 0).sort((a, b) => b - a);
    expect(splitsOf(grown(40))).toEqual(expect.arrayContaining(splitsOf(grown(20))));
  });
});

test('one row, or nothing to gain, makes a single leaf', () => {
  const single = binColumns([Float32Array.of(1)], [0]);
  writeResiduals(single, Float32Array.of(-0.5), scale);
  expect(grow(single, {}).value).toEqual(Float32Array.of(2));
  const constant = binColumns([Float32Array.of(1, 2, 3)], [0]);
  writeResiduals(constant, Float32Array.of(0.5, 0.5, 0.5), scale);
  expect(grow(constant, {}).value).toEqual(Float32Array.of(-2));
});
