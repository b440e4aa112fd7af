import type { Random } from '../random.ts';
import { cellBits, nodeBytes, words } from '../trees/kernels/memory-map.ts';
import type { Tree } from '../trees/tree.ts';
import type { ForestWorkspace } from './forest-workspace.ts';
import type { CompleteForestParameters } from './parameters.ts';

/** What trees are grown from. */
export interface GrowForestInput {
  /** Holds the rows' bins. */
  readonly workspace: ForestWorkspace;
  readonly labels: Uint8Array;
  readonly weights: { readonly negative: number; readonly positive: number };
  readonly random: Random;
  readonly parameters: CompleteForestParameters;
  /** Told how many trees have been grown and have voted. */
  readonly onTrees?: ((count: number) => void) | undefined;
}

/** Grows the trees, as many at once as there are threads. OUT: votes on the rows that trees were not grown from, in the workspace */
export function growForest({ workspace, labels, weights, random, parameters, onTrees }: GrowForestInput): Tree[] {
  writeParameters(workspace, weights, parameters);
  const trees: Tree[] = [];
  while (trees.length < parameters.trees) {
    const regions = Math.min(workspace.treesAtOnce, parameters.trees - trees.length);
    for (let region = 0; region < regions; region++) drawTree(workspace, region, labels, random, parameters.bootstrap);
    workspace.grow(regions);
    workspace.vote(regions);
    for (let region = 0; region < regions; region++) trees.push(readTree(workspace, region));
    onTrees?.(trees.length);
  }
  return trees;
}

function writeParameters(
  { integers, doubles, features }: ForestWorkspace,
  { negative, positive }: GrowForestInput['weights'],
  {
    columnsBySplit,
    maxDepth = unlimited,
    minSamplesSplit,
    minSamplesLeaf,
    minImpurityDecrease,
  }: CompleteForestParameters,
): void {
  const tried =
    columnsBySplit === undefined ? Math.floor(Math.sqrt(features.length)) : columnsBySplit * features.length;
  integers[words.featuresTried / 4] = Math.max(1, Math.floor(tried));
  integers[words.maxDepth / 4] = maxDepth;
  integers[words.minSamplesSplit / 4] = minSamplesSplit;
  integers[words.minSamplesLeaf / 4] = minSamplesLeaf;
  doubles[words.minImpurityDecrease / 8] = minImpurityDecrease;
  doubles[words.positiveWeight / 8] = positive;
  doubles[words.negativeWeight / 8] = negative;
}

const unlimited = 2147483647;

/** Draws what a tree is grown from. OUT: the tree's bag, rows, root and random numbers */
function drawTree(
  workspace: ForestWorkspace,
  region: number,
  labels: Uint8Array,
  random: Random,
  bootstrap: boolean,
): void {
  const { bytes, integers, regionBytes, within, at, rowCount, features } = workspace;
  const base = at.regions + region * regionBytes;
  const bag = bytes.subarray(base + within.bag, base + within.bag + rowCount);
  drawBag(bag, random, bootstrap);
  for (let feature = 0; feature < features.length; feature++) {
    integers[(base + within.permutation) / 4 + feature] = feature;
  }
  // Xorshift must not start from 0.
  integers[base / 4 + 1] = 1 + random.integer(2147483647);
  writeRoot(workspace, base + within.nodes, writeRows(workspace, base, bag, labels));
}

/** OUT: how often each row is in the bag: as many draws as there are rows, or each row once */
function drawBag(bag: Uint8Array, random: Random, bootstrap: boolean): void {
  bag.fill(bootstrap ? 0 : 1);
  if (bootstrap) for (let draw = 0; draw < bag.length; draw++) bag[random.integer(bag.length)]! += 1;
}

/** OUT: the drawn rows, and what each adds to a cell. @returns how many they are, and the draws of positives */
function writeRows(
  { integers, within }: ForestWorkspace,
  base: number,
  bag: Uint8Array,
  labels: Uint8Array,
): { drawn: number; positives: number } {
  const rows = (base + within.drawnRows) / 4;
  const counts = (base + within.drawnCounts) / 4;
  let drawn = 0;
  let positives = 0;
  for (let row = 0; row < bag.length; row++) {
    const times = bag[row]!;
    if (times === 0) continue;
    integers[rows + drawn] = row;
    // One row, so many draws, and as many of positives, which are bits 42 and up: 10 and up of the upper half.
    integers[counts + 2 * drawn] = 1 | (times << cellBits);
    integers[counts + 2 * drawn + 1] = (times * labels[row]!) << (2 * cellBits - 32);
    drawn += 1;
    positives += times * labels[row]!;
  }
  return { drawn, positives };
}

function writeRoot(
  { integers, longs, rowCount }: ForestWorkspace,
  node: number,
  { drawn, positives }: { readonly drawn: number; readonly positives: number },
): void {
  integers.set([0, drawn], node / 4);
  const bits = BigInt(cellBits);
  longs[node / 8 + 1] = BigInt(drawn) | (BigInt(rowCount) << bits) | (BigInt(positives) << (2n * bits));
  integers[node / 4 + 12] = 0;
}

function readTree({ integers, doubles, at, within, regionBytes, features }: ForestWorkspace, region: number): Tree {
  const base = at.regions + region * regionBytes;
  const count = integers[base / 4 + 2]!;
  const tree: Tree = {
    feature: new Int32Array(count),
    threshold: new Float32Array(count),
    missingLeft: new Uint8Array(count),
    levelStarts: new Int32Array(count + 1),
    levels: new Uint8Array(),
    left: new Int32Array(count),
    right: new Int32Array(count),
    value: new Float32Array(count),
    gain: new Float64Array(count),
    cover: new Float64Array(count),
  };
  for (let node = 0; node < count; node++) {
    const place = base + within.nodes + node * nodeBytes;
    const feature = integers[place / 4 + 4]!;
    tree.feature[node] = feature;
    tree.cover[node] = integers[place / 4 + 1]! - integers[place / 4]!;
    if (feature < 0) {
      tree.value[node] = doubles[place / 8 + 7]!;
      continue;
    }
    const bins = features[feature]!;
    const bin = integers[place / 4 + 5]!;
    tree.threshold[node] = bins.kind === 'number' ? (bins.cuts[bin] ?? Number.POSITIVE_INFINITY) : bin;
    tree.missingLeft[node] = integers[place / 4 + 6]!;
    tree.left[node] = integers[place / 4 + 7]!;
    tree.right[node] = tree.left[node]! + 1;
    tree.gain[node] = doubles[place / 8 + 4]!;
  }
  return tree;
}
