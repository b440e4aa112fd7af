import { withRuntime } from '../../../lifecycle/inference/onnx-runtime.ts';
import { allowedOperators, isAllowed } from '../../../lifecycle/registry/allowed-operators.ts';
import { type Attribute, type Node, type TensorType, writeModel } from '../../../ml/onnx/graph.ts';

type Use = Pick<Node, 'attributes'> & { readonly inputs?: readonly string[]; readonly outputs?: readonly string[] };

const integers = (...values: number[]): Attribute => ({ integers: values });
const floats = (...values: number[]): Attribute => ({ floats: values });
const text = (value: string): Attribute => ({ text: value });
const axis = (value: number) => ({ axis: { integer: value } });

/** `x` and `y` are float32 [N, 2], `row` is float32 [2], `index` int64 [1], `flag` bool [N, 2], `word` string [N, 1]. */
const inputs: readonly TensorType[] = [
  { name: 'x', element: 'float32', shape: ['N', 2] },
  { name: 'y', element: 'float32', shape: ['N', 2] },
  { name: 'row', element: 'float32', shape: [2] },
  { name: 'index', element: 'int64', shape: [1] },
  { name: 'word', element: 'string', shape: ['N', 1] },
];
/** IsNaN is the way to booleans that the writer's element types leave. */
const flag: Node = { operator: 'IsNaN', inputs: ['x'], outputs: ['flag'] };

const pair = { inputs: ['x', 'y'] };
const flags = { inputs: ['flag', 'flag'] };
const tree = {
  nodes_treeids: integers(0),
  nodes_nodeids: integers(0),
  nodes_featureids: integers(0),
  nodes_modes: { texts: ['LEAF'] },
  nodes_values: floats(0),
  nodes_truenodeids: integers(0),
  nodes_falsenodeids: integers(0),
};
const leaf = (of: 'class' | 'target') => ({
  [`${of}_treeids`]: integers(0),
  [`${of}_nodeids`]: integers(0),
  [`${of}_ids`]: integers(0),
  [`${of}_weights`]: floats(1),
});

/** How an operator is used where it takes more, or something other, than `x`. */
const uses: Readonly<Record<string, Use>> = {
  Not: { inputs: ['flag'] },
  PRelu: { inputs: ['x', 'row'] },
  ...Object.fromEntries(
    [
      ...[
        'Add',
        'Div',
        'Equal',
        'Greater',
        'GreaterOrEqual',
        'Less',
        'LessOrEqual',
        'Max',
        'Mean',
        'Min',
        'Mul',
        'Pow',
      ],
      'Sub',
      'Sum',
    ].map(name => [name, pair]),
  ),
  Mod: { ...pair, attributes: { fmod: { integer: 1 } } },
  And: flags,
  Or: flags,
  Xor: flags,
  Where: { inputs: ['flag', 'x', 'y'] },
  BatchNormalization: { inputs: ['x', 'row', 'row', 'row', 'row'] },
  Gemm: { ...pair, attributes: { transB: { integer: 1 } } },
  LayerNormalization: { inputs: ['x', 'row'] },
  MatMul: { inputs: ['x', 'row'] },
  Cast: { attributes: { to: { integer: 7 } } },
  Concat: { ...pair, attributes: axis(1) },
  Constant: { inputs: [], attributes: { value_float: { float: 1 } } },
  Gather: { inputs: ['x', 'index'] },
  GatherElements: { inputs: ['row', 'index'] },
  Reshape: { inputs: ['x', 'index'] },
  Slice: { inputs: ['x', 'index', 'index'] },
  Split: { outputs: ['a', 'b'], attributes: axis(1) },
  Squeeze: { inputs: ['x', 'index'] },
  Unsqueeze: { inputs: ['x', 'index'] },
  ArrayFeatureExtractor: { inputs: ['x', 'index'] },
  FeatureVectorizer: { ...pair, attributes: { inputdimensions: integers(2, 2) } },
  Imputer: { attributes: { imputed_value_floats: floats(0), replaced_value_float: { float: Number.NaN } } },
  LabelEncoder: { inputs: ['word'], attributes: { keys_strings: { texts: ['a'] }, values_floats: floats(1) } },
  LinearClassifier: {
    outputs: ['label', 'scores'],
    attributes: { coefficients: floats(1, 1, 1, 1), classlabels_ints: integers(0, 1), intercepts: floats(0, 0) },
  },
  LinearRegressor: { attributes: { coefficients: floats(1, 1) } },
  Normalizer: { attributes: { norm: text('L2') } },
  OneHotEncoder: { inputs: ['word'], attributes: { cats_strings: { texts: ['a'] } } },
  SVMClassifier: {
    outputs: ['label', 'scores'],
    attributes: {
      classlabels_ints: integers(0, 1),
      coefficients: floats(1, -1),
      kernel_params: floats(1, 0, 3),
      kernel_type: text('RBF'),
      rho: floats(0),
      support_vectors: floats(0, 0, 1, 1),
      vectors_per_class: integers(1, 1),
    },
  },
  SVMRegressor: {
    attributes: {
      coefficients: floats(1),
      kernel_params: floats(1, 0, 3),
      kernel_type: text('RBF'),
      n_supports: { integer: 1 },
      rho: floats(0),
      support_vectors: floats(0, 0),
    },
  },
  Scaler: { attributes: { offset: floats(0), scale: floats(1) } },
  TreeEnsembleClassifier: {
    outputs: ['label', 'scores'],
    attributes: { ...tree, ...leaf('class'), classlabels_int64s: integers(0, 1) },
  },
  TreeEnsembleRegressor: { attributes: { ...tree, ...leaf('target'), n_targets: { integer: 1 } } },
};

// TreeEnsemble is of ai.onnx.ml 5 and takes tensors as attributes, which our writer has not.
const cases = Object.entries(allowedOperators)
  .flatMap(([domain, operators]) => [...operators].map(operator => ({ domain, operator })))
  .filter(({ operator }) => operator !== 'TreeEnsemble');

test.each(cases)('the runtime has $domain $operator', async ({ domain, operator }) => {
  const { inputs: names = ['x'], outputs = ['result'], attributes } = uses[operator] ?? {};
  const node: Node = { operator, inputs: names, outputs, attributes, ...(domain === 'ai.onnx.ml' && { domain }) };
  // Whatever type and rank a result has, its shape is a list of integers.
  const shape: Node = { operator: 'Shape', inputs: [outputs.at(-1)!], outputs: ['shape'] };
  const nodes = [...(names.includes('flag') ? [flag] : []), node, shape];
  const result: TensorType = { name: 'shape', element: 'int64', shape: ['R'] };
  const onnx = writeModel({ name: operator, inputs, outputs: [result], nodes });
  await withRuntime(async ({ InferenceSession }) => {
    const options = { logSeverityLevel: 4, graphOptimizationLevel: 'disabled' } as const;
    const session = await InferenceSession.create(onnx, options);
    await session.release();
  });
});

test('what loops, branches or comes from elsewhere is not accepted', () => {
  for (const operator of ['If', 'Loop', 'Scan', 'SequenceMap', 'ZipMap', 'RandomNormal', 'Tile', 'toString']) {
    expect(isAllowed({ domain: 'ai.onnx', operator })).toBe(false);
  }
  expect(isAllowed({ domain: 'com.microsoft', operator: 'Add' })).toBe(false);
});
