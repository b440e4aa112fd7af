import { type BinnedMatrix, missingBin } from './binning.ts';
import { buildHistogram, featureStride, type Histogram, subtractHistogram } from './histogram.ts';
import type { QuantizedGradients } from './quantized-gradients.ts';
import { findBestSplit, leafValue, type NodeSums, type Split, type SplitOptions, sumNode } from './splitting.ts';
import type { Tree } from './tree.ts';

/** How far a tree grows. */
export interface GrowOptions extends SplitOptions {
  /** Splits on the way to a leaf at most. */
  readonly maxDepth: number;
  /** Leaves at most; the split that gains most comes first. */
  readonly maxLeaves: number;
}

/** What a tree is grown from. */
export interface GrowInput {
  readonly matrix: BinnedMatrix;
  readonly quantized: QuantizedGradients;
  /** The derivatives before rounding, from which leaf values are renewed. */
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  /** Rows to grow from. OUT: in the order of the leaves */
  readonly rows: Int32Array;
  /** Features that may be split, rising. */
  readonly features: Int32Array;
}

interface Node {
  /** Rows [start, end) of the input's. */
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly sums: NodeSums;
  /** What it will be split by, while it is open; its histogram with it. */
  readonly split: Split | undefined;
  readonly histogram: Histogram;
  children?: readonly [number, number];
}

/** Grows one tree, always splitting the open leaf that gains most; with `maxLeaves` out of reach, that is every leaf down to `maxDepth`. */
export function growTree(input: GrowInput, options: GrowOptions): Tree {
  const root = new Int32Array(input.matrix.bins.length * featureStride);
  buildHistogram(input.matrix, input.quantized, input.rows, root);
  const nodes = [openNode(input, options, { start: 0, end: input.rows.length, depth: 0, histogram: root })];
  const spare = new Int32Array(input.rows.length);
  let leaves = 1;
  for (let next = pickLeaf(nodes); next !== undefined && leaves < options.maxLeaves; next = pickLeaf(nodes)) {
    next.children = [nodes.length, nodes.length + 1];
    nodes.push(...splitNode(input, options, next, next.split!, spare));
    leaves += 1;
  }
  return flatten(input, options, nodes);
}

function openNode(
  { matrix, quantized, features }: GrowInput,
  options: GrowOptions,
  node: Pick<Node, 'start' | 'end' | 'depth' | 'histogram'>,
): Node {
  const sums = sumNode(node.histogram);
  const split =
    node.depth < options.maxDepth
      ? findBestSplit(matrix, node.histogram, sums, quantized.scale, features, options)
      : undefined;
  return { ...node, sums, split };
}

/** The open leaf of the highest gain, the first of equals. */
function pickLeaf(nodes: readonly Node[]): Node | undefined {
  let best: Node | undefined;
  for (const node of nodes) {
    if (node.children || !node.split) continue;
    if (!best || node.split.gain > best.split!.gain) best = node;
  }
  return best;
}

/** Parts a node's rows; the smaller side's histogram is built, the other is what remains of the parent's. */
function splitNode(input: GrowInput, options: GrowOptions, node: Node, split: Split, spare: Int32Array): [Node, Node] {
  const middle = partitionRows(input, node, split, spare);
  const smallerIsLeft = middle - node.start <= node.end - middle;
  const [start, end] = smallerIsLeft ? [node.start, middle] : [middle, node.end];
  const built = new Int32Array(node.histogram.length);
  buildHistogram(input.matrix, input.quantized, input.rows.subarray(start, end), built);
  subtractHistogram(node.histogram, built);
  const depth = node.depth + 1;
  const [left, right] = smallerIsLeft ? [built, node.histogram] : [node.histogram, built];
  return [
    openNode(input, options, { start: node.start, end: middle, depth, histogram: left }),
    openNode(input, options, { start: middle, end: node.end, depth, histogram: right }),
  ];
}

/**
 * Stable: each side keeps the order of its rows.
 *
 *     before   [ start ………………………………… end )
 *     after    [ start … left … | … right … end )     returns where right begins
 */
function partitionRows({ matrix, rows }: GrowInput, { start, end }: Node, split: Split, spare: Int32Array): number {
  const bins = matrix.bins[split.feature]!;
  const byLevel = matrix.features[split.feature]!.kind === 'category';
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i]!;
    const bin = bins[row]!;
    const goesLeft = byLevel ? bin === split.bin : bin === missingBin ? split.missingLeft : bin <= split.bin;
    if (goesLeft) rows[left++] = row;
    else spare[right++] = row;
  }
  rows.set(spare.subarray(0, right), left);
  return left;
}

function flatten(
  { matrix, rows, gradients, hessians, quantized }: GrowInput,
  options: GrowOptions,
  nodes: readonly Node[],
): Tree {
  const tree: Tree = {
    feature: new Int32Array(nodes.length).fill(-1),
    threshold: new Float32Array(nodes.length),
    byLevel: new Uint8Array(nodes.length),
    missingLeft: new Uint8Array(nodes.length),
    left: new Int32Array(nodes.length),
    right: new Int32Array(nodes.length),
    value: new Float32Array(nodes.length),
    gain: new Float64Array(nodes.length),
    cover: Float64Array.from(nodes, node => node.sums.hessian / quantized.scale),
  };
  nodes.forEach(({ start, end, split, children }, i) => {
    if (children && split) {
      tree.feature[i] = split.feature;
      const bins = matrix.features[split.feature]!;
      tree.threshold[i] = bins.kind === 'number' ? bins.cuts[split.bin]! : split.bin;
      tree.byLevel[i] = bins.kind === 'number' ? 0 : 1;
      tree.missingLeft[i] = split.missingLeft ? 1 : 0;
      tree.gain[i] = split.gain;
      [tree.left[i], tree.right[i]] = children;
    } else {
      const leaf = rows.subarray(start, end);
      tree.value[i] = leafValue(sumOf(gradients, leaf), sumOf(hessians, leaf), options);
    }
  });
  return tree;
}

function sumOf(values: Float64Array, rows: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += values[rows[i]!]!;
  return sum;
}
