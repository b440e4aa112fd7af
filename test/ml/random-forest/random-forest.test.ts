import { readFileSync } from 'node:fs';
import type { FeatureColumn, LabelledColumns } from '../../../ml/columns.ts';
import { rocAuc } from '../../../ml/metrics/ranking.ts';
import { fitModel } from '../../../ml/model.ts';
import { exportOnnx } from '../../../ml/onnx/export-model.ts';
import { createRandom } from '../../../ml/random.ts';
import { fitRandomForest, maximumForestRows, predictRandomForest } from '../../../ml/random-forest/random-forest.ts';
import { makeUpRows, range } from '../made-up-rows.ts';
import { pretendThreads } from '../trees/made-up-workspace.ts';
import { growForestNaively } from './naive-forest.ts';

function numberColumns(columns: readonly ArrayLike<number>[]): FeatureColumn[] {
  return columns.map((values, i) => ({ kind: 'number', name: `x${i}`, values: Float32Array.from(values) }));
}

test.each([
  { minSamplesLeaf: 1, minSamplesSplit: 2, maxDepth: 1_000, featuresTried: 2, weights: [1, 1] as const },
  { minSamplesLeaf: 6, minSamplesSplit: 20, maxDepth: 1_000, featuresTried: 3, weights: [1, 2.5] as const },
  { minSamplesLeaf: 1, minSamplesSplit: 2, maxDepth: 3, featuresTried: 1, weights: [2, 1] as const },
])('trees are those of looking at every row, with $featuresTried features tried', ({ weights, ...options }) => {
  const random = createRandom(5);
  // More rows than are noted one by one while they are counted, so that both ways to count are gone.
  const rows = 700;
  const columns = [3, 12, 300, 300].map(values =>
    Float32Array.from({ length: rows }, () => (random.uniform() < 0.1 ? Number.NaN : random.integer(values))),
  );
  const labels = Uint8Array.from(columns[2]!, (value, row) =>
    value + 8 * columns[1]![row]! > 180 * random.uniform() ? 1 : 0,
  );
  const { featuresTried, ...parameters } = options;
  const classWeight = { negative: weights[0], positive: weights[1] };
  const data = { columns: numberColumns(columns), labels };
  const forest = fitRandomForest(
    { ...parameters, trees: 3, columnsBySplit: featuresTried / 4, classWeight },
    data,
    range(0, rows),
    9,
  );
  const naive = growForestNaively(columns, labels, 9, { ...options, trees: 3, weights });
  forest.trees.forEach((tree, t) => {
    const nodes = naive[t]!;
    expect(tree.feature).toEqual(Int32Array.from(nodes, ({ split }) => split?.feature ?? -1));
    expect(tree.threshold).toEqual(Float32Array.from(nodes, ({ split }) => split?.cut ?? 0));
    expect(tree.missingLeft).toEqual(Uint8Array.from(nodes, ({ split }) => (split?.missingLeft ? 1 : 0)));
    expect(tree.left).toEqual(Int32Array.from(nodes, ({ children }) => (children ? nodes.indexOf(children[0]) : 0)));
    nodes.forEach(({ share, children }, node) => {
      if (!children) expect(tree.value[node]).toBeCloseTo(share / 3, 6);
    });
  });
});

interface Reference {
  readonly fittedRows: number;
  readonly labels: number[];
  readonly features: number[][];
  readonly trees: { parameters: object; leaves: number; probabilities: number[] }[];
  readonly forest: { trees: number; outOfBagRocAuc: number; outOfBagBrierScore: number; probabilities: number[] };
}

describe('beside scikit-learn', () => {
  /** test/reference/random-forest.py made it. */
  const reference: Reference = JSON.parse(readFileSync('test/reference/random-forest.json', 'utf8'));
  const data: LabelledColumns = {
    columns: numberColumns(reference.features),
    labels: Uint8Array.from(reference.labels),
  };
  const fitted = range(0, reference.fittedRows);
  const all = range(0, reference.labels.length);

  // A tree of all rows and all features draws nothing. Leaves are rounded to 2⁻²².
  test.each(reference.trees)('a tree with $parameters is the same', ({ parameters, leaves, probabilities }) => {
    const whole = { ...parameters, trees: 1, columnsBySplit: 1, bootstrap: false };
    const forest = fitRandomForest(whole, data, fitted, 1);
    expect(forest.trees[0]!.feature.filter(feature => feature < 0)).toHaveLength(leaves);
    const differences = predictRandomForest(forest, data.columns, all).map((p, row) =>
      Math.abs(p - probabilities[row]!),
    );
    expect(Math.max(...differences.subarray(0, reference.fittedRows))).toBeLessThan(1e-6);
    // Where a node has no row between two values, the libraries cut elsewhere between them: a few other rows fall on the other side.
    expect(differences.filter(difference => difference > 1e-6).length).toBeLessThan(0.03 * 400);
  });

  // Draws differ, so only what many trees agree on is alike: scikit-learn's own forests of 500 trees differ by .003 in both figures from seed to seed.
  test('a forest is as good out of bag, and votes alike on other rows', () => {
    const forest = fitRandomForest({ trees: reference.forest.trees }, data, fitted, 1);
    expect(forest.outOfBag.rows).toBe(reference.fittedRows);
    expect(Math.abs(forest.outOfBag.rocAuc - reference.forest.outOfBagRocAuc)).toBeLessThan(0.01);
    expect(Math.abs(forest.outOfBag.brierScore - reference.forest.outOfBagBrierScore)).toBeLessThan(0.005);
    const votes = predictRandomForest(forest, data.columns, range(reference.fittedRows, reference.labels.length));
    const difference = votes.reduce((sum, vote, i) => sum + Math.abs(vote - reference.forest.probabilities[i]!), 0);
    expect(difference / votes.length).toBeLessThan(0.025);
  });
});

const data = makeUpRows(2_000, 50);

test('the out-of-bag estimate is about what other rows show', () => {
  const forest = fitRandomForest({ minSamplesLeaf: 5 }, data, range(0, 1_000), 1);
  const votes = predictRandomForest(forest, data.columns, range(1_000, 2_000));
  expect(Math.abs(forest.outOfBag.rocAuc - rocAuc(data.labels.subarray(1_000), votes))).toBeLessThan(0.05);
});

test('no row is out of bag where none is drawn', () => {
  const { outOfBag } = fitRandomForest({ trees: 2, bootstrap: false }, data, range(0, 500), 1);
  expect(outOfBag).toEqual({ rows: 0, rocAuc: Number.NaN, brierScore: Number.NaN });
});

test.each([
  ['rows are repeated', Int32Array.of(...range(0, 500), ...range(0, 100)), undefined],
  ['entities have several rows', range(0, 500), Array.from(data.labels, (_, row) => `client ${row >> 1}`)],
])('there is no out-of-bag estimate where %s', (_, rows, groups) => {
  const told: number[] = [];
  const onIteration = ({ iteration }: { iteration: number }) => told.push(iteration);
  const { outOfBag } = fitRandomForest({ trees: 3 }, data, rows, 1, { groups, onIteration });
  expect(outOfBag).toEqual({ rows: 0, rocAuc: Number.NaN, brierScore: Number.NaN });
  expect(told).toEqual([]);
});

test('a forest has the same bytes for any number of threads, and other bytes for another seed', () => {
  const fitOn = (threads: number, seed: number) =>
    exportOnnx(
      fitModel({ algorithm: 'random-forest', trees: 7 }, data, range(0, 1_500), seed, {
        threads: pretendThreads(threads),
      }),
    );
  const bytes = fitOn(1, 3);
  expect(fitOn(2, 3)).toEqual(bytes);
  expect(fitOn(5, 3)).toEqual(bytes);
  expect(fitOn(1, 4)).not.toEqual(bytes);
});

test('many levels in no order are cut by how they vote', () => {
  const random = createRandom(8);
  const levels = Array.from({ length: 60 }, (_, i) => `level ${i}`);
  const codes = Int32Array.from({ length: 4_000 }, () => random.integer(60));
  const labels = Uint8Array.from(codes, code => ((code * 37) % 60 < 20 === random.uniform() < 0.9 ? 1 : 0));
  const columns: FeatureColumn[] = [{ kind: 'category', name: 'x', levels, codes }];
  const forest = fitRandomForest({ trees: 10, maxDepth: 1 }, { columns, labels }, range(0, 3_000), 1);
  const votes = predictRandomForest(forest, columns, range(3_000, 4_000));
  expect(rocAuc(labels.subarray(3_000), votes)).toBeGreaterThan(0.85);
});

test('every parameter out of range is named', () => {
  const fitWith = () => fitRandomForest({ trees: 0, minSamplesSplit: 1, columnsBySplit: 2 }, data, range(0, 100), 1);
  expect(fitWith).toThrow('trees is 0, expected an integer in [1, 10000]');
  expect(fitWith).toThrow('minSamplesSplit is 1, expected an integer in [2, 1000000]');
  expect(fitWith).toThrow('columnsBySplit is 2, expected a number above 0, at most 1');
});

test('rows of one class, or too many rows, are refused', () => {
  const negatives = range(0, 2_000).filter(row => data.labels[row] === 0);
  expect(() => fitRandomForest({}, data, negatives, 1)).toThrow('rows of one class');
  expect(() => fitRandomForest({}, data, new Int32Array(maximumForestRows + 1), 1)).toThrow('expected at most 2097151');
});
