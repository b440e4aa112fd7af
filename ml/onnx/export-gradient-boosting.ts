import type { GradientBoosting } from '../gradient-boosting/gradient-boosting.ts';
import { type CodedCategory, unknownLevel } from '../preprocessing/tree-encoding.ts';
import type { Tree } from '../trees/tree.ts';
import { type Attribute, type Graph, mlDomain, type Node } from './graph.ts';
import { classifierOutputs, concat, featureInput } from './preprocessing-graph.ts';

/** The graph of boosted trees: raw features → `label` and `probabilities`. */
export function gradientBoostingGraph({ encoding, baseScore, trees }: GradientBoosting): Graph {
  const encoded = 'features/encoded';
  const columns = encoding.features.map(({ name, kind }) => (kind === 'number' ? name : codeOf(name)));
  return {
    name: 'gradient-boosting',
    inputs: encoding.features.map(featureInput),
    outputs: classifierOutputs,
    nodes: [
      ...encoding.features.filter(feature => feature.kind === 'category').map(codeCategory),
      concat(columns, encoded),
      {
        operator: 'TreeEnsembleClassifier',
        domain: mlDomain,
        inputs: [encoded],
        outputs: ['label', 'probabilities'],
        attributes: {
          base_values: { floats: [baseScore] },
          classlabels_int64s: { integers: [0, 1] },
          post_transform: { text: 'LOGISTIC' },
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

function codeCategory({ name, levels }: CodedCategory): Node {
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

/** Every node of every tree, leaves too, one entry each in every attribute. */
function nodeAttributes(trees: readonly Tree[]): Record<string, Attribute> {
  const nodes = trees.flatMap((tree, id) => Array.from(tree.feature, (feature, node) => ({ tree, id, node, feature })));
  return {
    nodes_treeids: { integers: nodes.map(({ id }) => id) },
    nodes_nodeids: { integers: nodes.map(({ node }) => node) },
    nodes_featureids: { integers: nodes.map(({ feature }) => Math.max(feature, 0)) },
    nodes_modes: { texts: nodes.map(({ tree, node }) => modeOf(tree, node)) },
    nodes_values: { floats: nodes.map(({ tree, node }) => tree.threshold[node]!) },
    nodes_truenodeids: { integers: nodes.map(({ tree, node }) => tree.left[node]!) },
    nodes_falsenodeids: { integers: nodes.map(({ tree, node }) => tree.right[node]!) },
    nodes_missing_value_tracks_true: { integers: nodes.map(({ tree, node }) => tree.missingLeft[node]!) },
  };
}

function modeOf({ feature, byLevel }: Tree, node: number): string {
  if (feature[node]! < 0) return 'LEAF';
  return byLevel[node] === 1 ? 'BRANCH_EQ' : 'BRANCH_LEQ';
}

/** The value of each leaf. All belong to one class id, which tells the runtime that their sum is the log odds of the second label. */
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
