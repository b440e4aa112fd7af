import type { LogisticRegression } from '../logistic-regression/logistic-regression.ts';
import { type Graph, mlDomain } from './graph.ts';
import { classifierOutputs, writePreprocessing } from './preprocessing-graph.ts';

/** The graph of a logistic regression: raw features → `label` and `probabilities`. */
export function logisticRegressionGraph({
  preprocessing,
  coefficients,
  intercept,
}: Pick<LogisticRegression, 'preprocessing' | 'coefficients' | 'intercept'>): Graph {
  const { inputs, nodes, output } = writePreprocessing(preprocessing);
  return {
    name: 'logistic-regression',
    inputs,
    outputs: classifierOutputs,
    nodes: [
      ...nodes,
      {
        operator: 'LinearClassifier',
        domain: mlDomain,
        inputs: [output],
        outputs: ['label', 'probabilities'],
        attributes: {
          classlabels_ints: { integers: [0, 1] },
          // One row a class: the negative class mirrors the positive one, so that both probabilities come from the sigmoid.
          coefficients: { floats: [...coefficients.map(weight => -weight), ...coefficients] },
          intercepts: { floats: [-intercept, intercept] },
          multi_class: { integer: 0 },
          post_transform: { text: 'LOGISTIC' },
        },
      },
    ],
  };
}
