import type { DesignMatrix } from '../preprocessing/design-matrix.ts';
import type { RbfDecision } from '../support-vector/machine.ts';
import type { SupportVector } from '../support-vector/support-vector.ts';
import { cast, constant, elements, operate } from './double-operators.ts';
import { logisticRegressionGraph } from './export-logistic-regression.ts';
import type { Graph, Node } from './graph.ts';
import { scaleDecisions } from './platt-scaling-graph.ts';
import { classifierOutputs, writePreprocessing } from './preprocessing-graph.ts';

/**
 * The graph of a support-vector machine with its Platt scaling: raw features → `label` and `probabilities`.
 *
 * A linear machine is a logistic regression whose weights are scaled. The RBF kernel is composed from ONNX's own operators in float64: the operator for
 * support-vector machines adds thousands of weighed kernels in float32, which costs more than the 1e-5 that an export may differ by.
 */
export function supportVectorGraph({ preprocessing, decision, scaling }: SupportVector): Graph {
  if (decision.kernel === 'linear') {
    const coefficients = decision.coefficients.map(weight => weight * scaling.slope);
    const intercept = decision.bias * scaling.slope + scaling.offset;
    return { ...logisticRegressionGraph({ preprocessing, coefficients, intercept }), name: 'support-vector' };
  }
  const { inputs, nodes, output } = writePreprocessing(preprocessing);
  return {
    name: 'support-vector',
    inputs,
    outputs: classifierOutputs,
    nodes: [...nodes, ...decide(output, decision), ...scaleDecisions(decisions, scaling)],
  };
}

const rows = 'machine/rows';
const decisions = 'machine/decisions';

/** Σ weight · e^(2 gamma x·v − gamma ‖x‖² − gamma ‖v‖²) + bias over support vectors v. What has no x in it the runtime computes once, when it loads. */
function decide(encoded: string, { gamma, supportVectors, weights, bias }: RbfDecision): Node[] {
  const count = supportVectors.rowCount;
  return [
    cast(encoded, rows, elements.float64),
    ...constant('machine/gamma', [gamma], [1, 1]),
    ...constant('machine/two', [2], [1, 1]),
    ...constant('machine/vectors', writeColumns(supportVectors), [supportVectors.columnCount, count]),
    ...constant('machine/weights', weights, [count, 1]),
    ...constant('machine/bias', [bias], [1, 1]),
    operate('ReduceSumSquare', ['machine/vectors'], 'machine/vector-squares', { axes: { integers: [0] } }),
    operate('Mul', ['machine/vector-squares', 'machine/gamma'], 'machine/vector-share'),
    operate('Mul', ['machine/gamma', 'machine/two'], 'machine/twice-gamma'),
    operate('Mul', ['machine/vectors', 'machine/twice-gamma'], 'machine/scaled-vectors'),
    operate('ReduceSumSquare', [rows], 'machine/row-squares', { axes: { integers: [1] } }),
    operate('Mul', ['machine/row-squares', 'machine/gamma'], 'machine/row-share'),
    operate('MatMul', [rows, 'machine/scaled-vectors'], 'machine/products'),
    operate('Sub', ['machine/products', 'machine/row-share'], 'machine/without-rows'),
    operate('Sub', ['machine/without-rows', 'machine/vector-share'], 'machine/exponents'),
    operate('Exp', ['machine/exponents'], 'machine/kernels'),
    operate('MatMul', ['machine/kernels', 'machine/weights'], 'machine/sums'),
    operate('Add', ['machine/sums', 'machine/bias'], decisions),
  ];
}

/** Encoded rows written out, one after another for each column. */
function writeColumns({ rowCount, numberCount, categoryCount, columnCount, ...matrix }: DesignMatrix): Float32Array {
  const dense = new Float32Array(columnCount * rowCount);
  for (let row = 0; row < rowCount; row++) {
    for (let i = 0; i < numberCount; i++) dense[i * rowCount + row] = matrix.numbers[row * numberCount + i]!;
    for (let i = 0; i < categoryCount; i++) {
      const column = matrix.indices[row * categoryCount + i]!;
      if (column < columnCount) dense[column * rowCount + row] = 1;
    }
  }
  return dense;
}
