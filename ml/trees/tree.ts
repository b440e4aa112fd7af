/** A decision tree in flat arrays; node 0 is the root. */
export interface Tree {
  /** Feature that a node splits; −1 for a leaf. */
  readonly feature: Int32Array;
  /** Of a number: values at or below it go left. Of a category: the one level that goes left. A float32. */
  readonly threshold: Float32Array;
  /** 1: the node splits a category. */
  readonly byLevel: Uint8Array;
  /** 1: a missing value goes left. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Of a leaf, a float32. */
  readonly value: Float32Array;
  /** Of a split: half of what it took off the penalized loss. */
  readonly gain: Float64Array;
  /** Sum of second derivatives of the rows that came by. */
  readonly cover: Float64Array;
}

/** Adds the tree's value of each row to `sums`. @param features one column each, encoded for trees. OUT: `sums` */
export function addTree(tree: Tree, features: readonly Float32Array[], sums: Float64Array): void {
  for (let row = 0; row < sums.length; row++) sums[row]! += tree.value[findLeaf(tree, features, row)]!;
}

function findLeaf(tree: Tree, features: readonly Float32Array[], row: number): number {
  let node = 0;
  while (tree.feature[node]! >= 0) {
    node = goesLeft(tree, node, features[tree.feature[node]!]![row]!) ? tree.left[node]! : tree.right[node]!;
  }
  return node;
}

function goesLeft({ threshold, byLevel, missingLeft }: Tree, node: number, value: number): boolean {
  if (byLevel[node] === 1) return value === threshold[node];
  return Number.isNaN(value) ? missingLeft[node] === 1 : value <= threshold[node]!;
}
