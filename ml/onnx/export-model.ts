import type { Fitted, Model } from '../fitted-model.ts';
import { gradientBoostingGraph } from './export-gradient-boosting.ts';
import { logisticRegressionGraph } from './export-logistic-regression.ts';
import { randomForestGraph } from './export-random-forest.ts';
import { supportVectorGraph } from './export-support-vector.ts';
import { type Graph, type Metadata, writeModel } from './graph.ts';

/**
 * Writes a model as an ONNX file that takes raw features. The same model and metadata give the same bytes.
 *
 * Inputs: one per feature, named as it, `[N, 1]`: float32 (NaN = missing) for a number, string ('' = missing; a level that training never saw counts
 * as none) for a category. Outputs: `label` int64 `[N]` (the more probable class) and `probabilities` float32 `[N, 2]` (negative, positive).
 */
export function exportOnnx({ fitted }: Model, metadata?: Metadata): Uint8Array {
  return writeModel(graphOf(fitted), metadata);
}

function graphOf(fitted: Fitted): Graph {
  switch (fitted.algorithm) {
    case 'logistic-regression':
      return logisticRegressionGraph(fitted);
    case 'gradient-boosting':
      return gradientBoostingGraph(fitted);
    case 'random-forest':
      return randomForestGraph(fitted);
    case 'support-vector':
      return supportVectorGraph(fitted);
  }
}
