import { sumUnit, words } from './kernels/memory-map.ts';
import { leafValue } from './leaf-value.ts';
import type { Node } from './node.ts';
import type { Sums } from './split.ts';
import type { Tree } from './tree.ts';
import type { Workspace } from './workspace.ts';
import type { Growth } from './write-tasks.ts';

/** Gives leaves their values, from derivatives that were not rounded, and writes the tree down. */
export function finishTree(growth: Growth, nodes: readonly Node[]): Tree {
  const tree = writeNodes(growth, nodes);
  const leaves = nodes.filter(({ children }) => !children);
  const values = fitLeaves(growth, leaves);
  leaves.forEach(({ id }, leaf) => {
    tree.value[id] = values[leaf]!;
  });
  return tree;
}

/** Sums each leaf's derivatives anew. OUT: the leaf of each row, and the leaves' values, in the workspace */
function fitLeaves({ workspace, options }: Growth, leaves: readonly Node[]): Float32Array {
  const { integers, doubles, at } = workspace;
  integers[words.leafCount / 4] = leaves.length;
  leaves.forEach(({ id }, leaf) => {
    integers[at.leaves / 4 + leaf] = id;
  });
  workspace.run('renew');
  const values = Float32Array.from(leaves, ({ bounds }, leaf) => {
    const { gradient, hessian } = sumLeaf(workspace, leaf);
    return options.learningRate * leafValue(gradient, hessian, options, bounds);
  });
  doubles.set(values, at.leafValues / 8);
  return values;
}

/** Of all groups of rows. */
function sumLeaf({ longs, at, groups }: Workspace, leaf: number): Sums {
  let [gradient, hessian] = [0n, 0n];
  for (let group = 0; group < groups; group++) {
    const place = at.leafSums / 8 + 2 * (leaf * groups + group);
    gradient += longs[place]!;
    hessian += longs[place + 1]!;
  }
  return { gradient: Number(gradient) / sumUnit, hessian: Number(hessian) / sumUnit };
}

function writeNodes({ workspace, scale }: Growth, nodes: readonly Node[]): Tree {
  const count = nodes.length;
  const sets = nodes.map(({ split, children }) => [...((children && split?.levels) ?? [])]);
  const levelStarts = new Int32Array(count + 1);
  sets.forEach((set, i) => {
    levelStarts[i + 1] = levelStarts[i]! + set.length;
  });
  const tree: Tree = {
    feature: new Int32Array(count).fill(-1),
    threshold: new Float32Array(count),
    missingLeft: new Uint8Array(count),
    levelStarts,
    levels: Uint8Array.from(sets.flat()),
    left: new Int32Array(count),
    right: new Int32Array(count),
    value: new Float32Array(count),
    gain: new Float64Array(count),
    cover: Float64Array.from(nodes, ({ sums }) => sums.hessian / scale),
  };
  nodes.forEach(({ split, children, gain }, i) => {
    if (!split || !children) return;
    const bins = workspace.features[split.feature]!;
    tree.feature[i] = split.feature;
    if (bins.kind === 'number') tree.threshold[i] = bins.cuts[split.bin] ?? Number.POSITIVE_INFINITY;
    tree.missingLeft[i] = split.missingLeft ? 1 : 0;
    tree.gain[i] = gain;
    [tree.left[i], tree.right[i]] = children;
  });
  return tree;
}
