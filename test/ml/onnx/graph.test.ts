import { type Graph, writeModel } from '../../../ml/onnx/graph.ts';

const graph: Graph = {
  name: 'negation',
  inputs: [{ name: 'age', element: 'float32', shape: ['N', 1] }],
  outputs: [{ name: 'negative', element: 'float32', shape: ['N', 1] }],
  nodes: [{ operator: 'Neg', inputs: ['age'], outputs: ['negative'] }],
};

test('the same graph gives the same bytes', () => {
  expect(writeModel(graph)).toEqual(writeModel(structuredClone(graph)));
});

test('a feature that is named as another tensor is refused', () => {
  const inputs = [...graph.inputs, { name: 'negative', element: 'float32', shape: ['N', 1] } as const];

  expect(() => writeModel({ ...graph, inputs })).toThrow('two tensors "negative": rename that feature');
});
