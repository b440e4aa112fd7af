import { createRandom } from '../../../ml/random.ts';
import { findCuts } from '../../../ml/trees/binning.ts';

/** How a naive tree is grown. */
export interface NaiveForestOptions {
  readonly trees: number;
  readonly featuresTried: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  readonly maxDepth: number;
  readonly weights: readonly [number, number];
}

/** A node of a naive tree: a leaf has a share of positives only. */
export interface NaiveForestNode {
  readonly rows: readonly number[];
  readonly depth: number;
  readonly share: number;
  split?: { readonly feature: number; readonly cut: number; readonly missingLeft: boolean };
  children?: readonly [NaiveForestNode, NaiveForestNode];
}

/** Grows trees row by row, drawing as the forest does. Nodes of each tree in the order in which they are made. */
export function growForestNaively(
  columns: readonly Float32Array[],
  labels: Uint8Array,
  seed: number,
  options: NaiveForestOptions,
): NaiveForestNode[][] {
  const random = createRandom(seed);
  const rowCount = labels.length;
  const cuts = columns.map(column => findCuts(column, 255));
  const bins = columns.map((column, feature) =>
    Array.from(column, value =>
      Number.isNaN(value) ? Number.NaN : [...cuts[feature]!].filter(cut => cut < value).length,
    ),
  );
  return Array.from({ length: options.trees }, () => {
    const bag = new Array<number>(rowCount).fill(0);
    for (let draw = 0; draw < rowCount; draw++) bag[random.integer(rowCount)]! += 1;
    const drawn = [...bag.keys()].filter(row => bag[row]! > 0);
    return growTree({ bins, cuts, labels, bag, options, next: xorshift(1 + random.integer(2147483647)) }, drawn);
  });
}

interface TreeInput {
  readonly bins: readonly number[][];
  readonly cuts: readonly Float32Array[];
  readonly labels: Uint8Array;
  readonly bag: readonly number[];
  readonly options: NaiveForestOptions;
  readonly next: (bound: number) => number;
}

function growTree(input: TreeInput, drawn: readonly number[]): NaiveForestNode[] {
  const nodes: NaiveForestNode[] = [makeNode(input, drawn, 0)];
  const permutation = [...input.bins.keys()];
  for (const node of nodes) {
    const isMixed = node.share > 0 && node.share < 1;
    const { maxDepth, minSamplesSplit } = input.options;
    if (!isMixed || node.depth >= maxDepth || node.rows.length < minSamplesSplit) continue;
    const best = findSplit(input, node, permutation);
    if (!best) continue;
    node.split = best.split;
    node.children = [makeNode(input, best.left, node.depth + 1), makeNode(input, best.right, node.depth + 1)];
    nodes.push(...node.children);
  }
  return nodes;
}

function makeNode(input: TreeInput, rows: readonly number[], depth: number): NaiveForestNode {
  const { positive, total } = weigh(input, rows);
  return { rows, depth, share: positive / total };
}

function weigh({ bag, labels, options }: TreeInput, rows: readonly number[]): { positive: number; total: number } {
  const [negative, positive] = [0, 1].map(
    label =>
      rows.filter(row => labels[row] === label).reduce((sum, row) => sum + bag[row]!, 0) * options.weights[label]!,
  );
  return { positive: positive!, total: negative! + positive! };
}

function findSplit(input: TreeInput, node: NaiveForestNode, permutation: number[]) {
  let best: ReturnType<typeof candidates>[number] | undefined;
  for (let tried = 0; tried < permutation.length && (tried < input.options.featuresTried || !best); tried++) {
    const other = tried + input.next(permutation.length - tried);
    [permutation[tried], permutation[other]] = [permutation[other]!, permutation[tried]!];
    for (const candidate of candidates(input, node, permutation[tried]!)) {
      if (!best || candidate.score > best.score) best = candidate;
    }
  }
  return best;
}

/** Every way to cut a node by a feature, each in the middle between two bins in use, missing values on the right before the left. */
function candidates(input: TreeInput, { rows }: NaiveForestNode, feature: number) {
  const { bins, cuts, options } = input;
  const binOf = (row: number) => bins[feature]![row]!;
  const present = [...new Set(rows.map(binOf).filter(bin => !Number.isNaN(bin)))].sort((a, b) => a - b);
  const hasMissing = rows.some(row => Number.isNaN(binOf(row)));
  return [false, ...(hasMissing ? [true] : [])].flatMap(missingLeft =>
    present.slice(0, hasMissing && !missingLeft ? present.length : -1).flatMap((bin, i) => {
      const goesLeft = (row: number) => (Number.isNaN(binOf(row)) ? missingLeft : binOf(row) <= bin);
      const [left, right] = [rows.filter(goesLeft), rows.filter(row => !goesLeft(row))];
      if (Math.min(left.length, right.length) < options.minSamplesLeaf) return [];
      const score = [left, right].map(side => purity(weigh(input, side))).reduce((sum, part) => sum + part);
      const middle = i + 1 < present.length ? (bin + present[i + 1]!) >> 1 : cuts[feature]!.length;
      const steered = hasMissing ? missingLeft : left.length > right.length;
      const cut = cuts[feature]![middle] ?? Number.POSITIVE_INFINITY;
      return [{ score, left, right, split: { feature, cut, missingLeft: steered } }];
    }),
  );
}

function purity({ positive, total }: { positive: number; total: number }): number {
  return (positive * positive) / total;
}

/** Marsaglia's generator of 32 bits with shifts 13, 17, 5. */
function xorshift(seed: number): (bound: number) => number {
  let state = seed;
  return bound => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Number((BigInt(state >>> 0) * BigInt(bound)) >> 32n);
  };
}
