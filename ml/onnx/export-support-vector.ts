import type { PlattScaling } from '../calibration/platt-scaling.ts';
import type { DesignMatrix } from '../preprocessing/design-matrix.ts';
import type { RbfDecision } from '../support-vector/machine.ts';
import type { SupportVector } from '../support-vector/support-vector.ts';
import { logisticRegressionGraph } from './export-logistic-regression.ts';
import type { Graph, Node } from './graph.ts';
import { classifierOutputs, concat, writePreprocessing } from './preprocessing-graph.ts';

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
    nodes: [...nodes, ...decide(output, decision), ...scaleDecisions(scaling)],
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
    node('ReduceSumSquare', ['machine/vectors'], 'machine/vector-squares', { axes: { integers: [0] } }),
    node('Mul', ['machine/vector-squares', 'machine/gamma'], 'machine/vector-share'),
    node('Mul', ['machine/gamma', 'machine/two'], 'machine/twice-gamma'),
    node('Mul', ['machine/vectors', 'machine/twice-gamma'], 'machine/scaled-vectors'),
    node('ReduceSumSquare', [rows], 'machine/row-squares', { axes: { integers: [1] } }),
    node('Mul', ['machine/row-squares', 'machine/gamma'], 'machine/row-share'),
    node('MatMul', [rows, 'machine/scaled-vectors'], 'machine/products'),
    node('Sub', ['machine/products', 'machine/row-share'], 'machine/without-rows'),
    node('Sub', ['machine/without-rows', 'machine/vector-share'], 'machine/exponents'),
    node('Exp', ['machine/exponents'], 'machine/kernels'),
    node('MatMul', ['machine/kernels', 'machine/weights'], 'machine/sums'),
    node('Add', ['machine/sums', 'machine/bias'], decisions),
  ];
}

/** Probabilities and label of the decision values. */
function scaleDecisions({ slope, offset }: PlattScaling): Node[] {
  return [
    ...constant('scaling/slope', [slope], [1, 1]),
    ...constant('scaling/offset', [offset], [1, 1]),
    ...constant('scaling/zero', [0], [1, 1]),
    node('Mul', [decisions, 'scaling/slope'], 'scaling/scaled'),
    node('Add', ['scaling/scaled', 'scaling/offset'], 'scaling/margin'),
    node('Neg', ['scaling/margin'], 'scaling/against'),
    concat(['scaling/against', 'scaling/margin'], 'scaling/margins'),
    cast('scaling/margins', 'scaling/margins-float32', elements.float32),
    node('Sigmoid', ['scaling/margins-float32'], 'probabilities'),
    node('Greater', ['scaling/margin', 'scaling/zero'], 'scaling/positive'),
    cast('scaling/positive', 'scaling/label', elements.int64),
    node('Constant', [], 'scaling/second', { value_ints: { integers: [1] } }),
    node('Squeeze', ['scaling/label', 'scaling/second'], 'label'),
  ];
}

/** TensorProto.DataType. */
const elements = { float32: 1, int64: 7, float64: 11 } as const;

function node(operator: string, inputs: readonly string[], output: string, attributes?: Node['attributes']): Node {
  return { operator, inputs, outputs: [output], ...(attributes && { attributes }) };
}

function cast(input: string, output: string, element: number): Node {
  return node('Cast', [input], output, { to: { integer: element } });
}

/** A float64 tensor of float32 values. */
function constant(name: string, values: ArrayLike<number>, shape: readonly number[]): Node[] {
  return [
    node('Constant', [], `${name}/values`, { value_floats: { floats: values } }),
    node('Constant', [], `${name}/shape`, { value_ints: { integers: shape } }),
    node('Reshape', [`${name}/values`, `${name}/shape`], `${name}/float32`),
    cast(`${name}/float32`, name, elements.float64),
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
