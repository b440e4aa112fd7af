import type { CodedCategory, TreeEncoding } from '../preprocessing/tree-encoding.ts';
import { leftLevels, type Tree } from '../trees/tree.ts';
import { type Attribute, type Graph, mlDomain, type Node } from './graph.ts';
import { classifierOutputs, concat, featureInput } from './preprocessing-graph.ts';

/** Trees over features, and how their sum becomes a probability. */
export interface TreeEnsemble {
  readonly name: string;
  readonly encoding: TreeEncoding;
  /** Code of a level that training never saw. */
  readonly unknownLevel: number;
  readonly trees: readonly Tree[];
  readonly base: number;
  /** LOGISTIC: the sum is the log odds of the positive class; NONE: it is its probability. */
  readonly transform: 'LOGISTIC' | 'NONE';
}

/** The graph of trees: raw features → `label` and `probabilities`. */
export function treeEnsembleGraph({ name, encoding, unknownLevel, trees, base, transform }: TreeEnsemble): Graph {
  const encoded = 'features/encoded';
  const columns = encoding.features.map(feature => (feature.kind === 'number' ? feature.name : codeOf(feature.name)));
  return {
    name,
    inputs: encoding.features.map(featureInput),
    outputs: classifierOutputs,
    nodes: [
      ...encoding.features
        .filter(feature => feature.kind === 'category')
        .map(feature => codeCategory(feature, unknownLevel)),
      concat(columns, encoded),
      {
        operator: 'TreeEnsembleClassifier',
        domain: mlDomain,
        inputs: [encoded],
        outputs: ['label', 'probabilities'],
        attributes: {
          base_values: { floats: [base] },
          classlabels_int64s: { integers: [0, 1] },
          post_transform: { text: transform },
          ...nodeAttributes(trees),
          ...leafAttributes(trees),
        },
      },
    ],
  };
}

/** Name of a category's tensor of codes. */
function codeOf(name: string): string {
  return `${name}/code`;
}

function codeCategory({ name, levels }: CodedCategory, unknownLevel: number): Node {
  // The operator wants a key at least; a category whose levels were all unknown codes everything as that.
  const keys = levels.length > 0 ? levels : [''];
  return {
    operator: 'LabelEncoder',
    domain: mlDomain,
    inputs: [name],
    outputs: [codeOf(name)],
    attributes: {
      keys_strings: { texts: keys },
      values_floats: { floats: keys.map((_, i) => (levels.length > 0 ? i : unknownLevel)) },
      default_float: { float: unknownLevel },
    },
  };
}

/** A node as the operator has it; `tree` and `id` name it. */
interface EnsembleNode {
  readonly tree: number;
  readonly id: number;
  readonly feature: number;
  readonly mode: 'LEAF' | 'BRANCH_LEQ' | 'BRANCH_EQ';
  readonly value: number;
  readonly onTrue: number;
  readonly onFalse: number;
  readonly missingOnTrue: number;
}

/** Every node of every tree, leaves too, one entry each in every attribute. */
function nodeAttributes(trees: readonly Tree[]): Record<string, Attribute> {
  const nodes = trees.flatMap(ensembleNodes);
  return {
    nodes_treeids: { integers: nodes.map(({ tree }) => tree) },
    nodes_nodeids: { integers: nodes.map(({ id }) => id) },
    nodes_featureids: { integers: nodes.map(({ feature }) => feature) },
    nodes_modes: { texts: nodes.map(({ mode }) => mode) },
    nodes_values: { floats: nodes.map(({ value }) => value) },
    nodes_truenodeids: { integers: nodes.map(({ onTrue }) => onTrue) },
    nodes_falsenodeids: { integers: nodes.map(({ onFalse }) => onFalse) },
    nodes_missing_value_tracks_true: { integers: nodes.map(({ missingOnTrue }) => missingOnTrue) },
  };
}

/** A tree's own nodes keep their numbers; those that sets of levels need beside come after. */
function ensembleNodes(tree: Tree, number: number): EnsembleNode[] {
  const beside: EnsembleNode[] = [];
  const nodes = Array.from(tree.feature, (feature, id): EnsembleNode => {
    const common = { tree: number, id, feature: Math.max(feature, 0), missingOnTrue: tree.missingLeft[id]! };
    const [onTrue, onFalse] = [tree.left[id]!, tree.right[id]!];
    if (feature < 0) return { ...common, mode: 'LEAF', value: 0, onTrue, onFalse };
    const levels = leftLevels(tree, id);
    if (levels.length === 0) return { ...common, mode: 'BRANCH_LEQ', value: tree.threshold[id]!, onTrue, onFalse };
    const chain = chainOf(
      { ...common, mode: 'BRANCH_EQ', value: 0, onTrue, onFalse },
      levels,
      tree.feature.length + beside.length,
    );
    beside.push(...chain.slice(1));
    return chain[0]!;
  });
  return [...nodes, ...beside];
}

/** A set of levels: one comparison after another, all with the same node on true. */
function chainOf(node: EnsembleNode, levels: Uint8Array, firstFree: number): EnsembleNode[] {
  return Array.from(levels, (value, i) => ({
    ...node,
    id: i === 0 ? node.id : firstFree + i - 1,
    value,
    onFalse: i === levels.length - 1 ? node.onFalse : firstFree + i,
  }));
}

/** The value of each leaf. All belong to one class id, which tells the runtime that their sum is of the second label. */
function leafAttributes(trees: readonly Tree[]): Record<string, Attribute> {
  const leaves = trees.flatMap(({ feature, value }, id) =>
    Array.from(value, (weight, node) => ({ id, node, weight })).filter(({ node }) => feature[node]! < 0),
  );
  return {
    class_treeids: { integers: leaves.map(({ id }) => id) },
    class_nodeids: { integers: leaves.map(({ node }) => node) },
    class_ids: { integers: leaves.map(() => 0) },
    class_weights: { floats: leaves.map(({ weight }) => weight) },
  };
}
