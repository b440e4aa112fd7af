/** A decision tree in flat arrays; node 0 is the root. */
export interface Tree {
  /** Feature that a node splits; −1 for a leaf. */
  readonly feature: Int32Array;
  /** Of a number: values at or below it go left. A float32, +∞ where all but missing values do. */
  readonly threshold: Float32Array;
  /** 1: a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** Where the levels of each node begin in `levels`, then the end: those of a split by a category go left, all others right. */
  readonly levelStarts: Int32Array;
  readonly levels: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Of a leaf, a float32. */
  readonly value: Float32Array;
  /** Of a split: half of what it took off the penalized loss. */
  readonly gain: Float64Array;
  /** Sum of second derivatives of the rows that came by. */
  readonly cover: Float64Array;
}

/** The levels that go left at a node; none where it splits no category. */
export function leftLevels({ levelStarts, levels }: Tree, node: number): Uint8Array {
  return levels.subarray(levelStarts[node]!, levelStarts[node + 1]!);
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

function goesLeft({ threshold, missingLeft, levelStarts, levels }: Tree, node: number, value: number): boolean {
  const start = levelStarts[node]!;
  const end = levelStarts[node + 1]!;
  if (start === end) return Number.isNaN(value) ? missingLeft[node] === 1 : value <= threshold[node]!;
  for (let i = start; i < end; i++) if (levels[i] === value) return true;
  return false;
}
