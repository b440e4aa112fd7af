import type { PlattScaling } from '../calibration/platt-scaling.ts';
import { halfVote, type RandomForest } from '../random-forest/random-forest.ts';
import { cast, constant, elements, operate } from './double-operators.ts';
import type { Graph, Node } from './graph.ts';
import { scaleDecisions } from './platt-scaling-graph.ts';
import { treeEnsembleGraph } from './tree-ensemble.ts';

/** The graph of a random forest: raw features → `label` and `probabilities`. */
export function randomForestGraph({ encoding, trees, scaling }: RandomForest): Graph {
  const graph = treeEnsembleGraph({
    name: 'random-forest',
    encoding,
    // Levels are cut as numbers are, so a level that is none of them counts as missing.
    unknownLevel: Number.NaN,
    trees,
    base: 0,
    transform: 'NONE',
  });
  return scaling
    ? { ...graph, nodes: [...renameOutputs(graph.nodes), ...scaleVotes(scaling, halfVote(trees.length))] }
    : graph;
}

const votes = 'forest/votes';

/** Makes room for the scaled outputs. */
function renameOutputs(nodes: readonly Node[]): Node[] {
  return nodes.map(node =>
    node.operator === 'TreeEnsembleClassifier' ? { ...node, outputs: ['forest/label', votes] } : node,
  );
}

/** Scales the log odds of the votes, which are taken as the trainer takes them. */
function scaleVotes(scaling: PlattScaling, least: number): Node[] {
  return [
    cast(votes, 'forest/both', elements.float64),
    ...constant('forest/second', [0, 1], [2, 1]),
    ...constant('forest/least', [least], [1, 1]),
    ...constant('forest/most', [1 - least], [1, 1]),
    ...constant('forest/one', [1], [1, 1]),
    operate('MatMul', ['forest/both', 'forest/second'], 'forest/positive'),
    operate('Max', ['forest/positive', 'forest/least'], 'forest/not-0'),
    operate('Min', ['forest/not-0', 'forest/most'], 'forest/inside'),
    operate('Sub', ['forest/one', 'forest/inside'], 'forest/negative'),
    operate('Div', ['forest/inside', 'forest/negative'], 'forest/odds'),
    operate('Log', ['forest/odds'], 'forest/log-odds'),
    ...scaleDecisions('forest/log-odds', scaling),
  ];
}
