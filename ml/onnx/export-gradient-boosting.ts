import type { GradientBoosting } from '../gradient-boosting/gradient-boosting.ts';
import type { Graph } from './graph.ts';
import { treeEnsembleGraph } from './tree-ensemble.ts';

/** The graph of boosted trees: raw features → `label` and `probabilities`. */
export function gradientBoostingGraph({ encoding, baseScore, trees }: GradientBoosting): Graph {
  return treeEnsembleGraph({
    name: 'gradient-boosting',
    encoding,
    // No set of levels has it, so it goes right.
    unknownLevel: -1,
    trees,
    base: baseScore,
    transform: 'LOGISTIC',
  });
}
