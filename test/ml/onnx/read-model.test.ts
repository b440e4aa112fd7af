import fc from 'fast-check';
import { type Graph, mlDomain, writeModel } from '../../../ml/onnx/graph.ts';
import { bytesField, integerField, message, stringField } from '../../../ml/onnx/protobuf.ts';
import { MalformedMessageError } from '../../../ml/onnx/read-message.ts';
import { readModel } from '../../../ml/onnx/read-model.ts';

const graph: Graph = {
  name: 'sum',
  inputs: [
    { name: 'age', element: 'float32', shape: ['N', 1] },
    { name: 'job', element: 'string', shape: ['N', 1] },
  ],
  outputs: [{ name: 'probabilities', element: 'float32', shape: ['N', 2] }],
  nodes: [
    {
      operator: 'Scaler',
      domain: mlDomain,
      inputs: ['age'],
      outputs: ['scaled'],
      attributes: { scale: { floats: [2] } },
    },
    { operator: 'Concat', inputs: ['age', 'scaled'], outputs: ['probabilities'], attributes: { axis: { integer: 1 } } },
    { operator: 'Scaler', domain: mlDomain, inputs: ['age'], outputs: ['unused'] },
  ],
};
const model = writeModel(graph, { note: 'made for a test' });

test('a file says what it takes, answers and consists of', () => {
  expect(readModel(model)).toEqual({
    inputs: [
      { name: 'age', element: 'float32', shape: [null, 1] },
      { name: 'job', element: 'string', shape: [null, 1] },
    ],
    outputs: [{ name: 'probabilities', element: 'float32', shape: [null, 2] }],
    operators: [
      { domain: 'ai.onnx.ml', operator: 'Scaler' },
      { domain: 'ai.onnx', operator: 'Concat' },
    ],
    externalTensors: [],
    withSubgraphs: [],
    functions: 0,
  });
});

/** A model of these fields of its graph, and others of its own. */
function made(graphFields: readonly Uint8Array[], ...fields: readonly Uint8Array[]): Uint8Array {
  return message(integerField(1, 8), bytesField(7, message(...graphFields)), ...fields);
}

const identity = bytesField(1, message(stringField(4, 'Identity')));
const external = message(stringField(8, 'weights'), bytesField(13, stringField(1, 'location')), integerField(14, 1));

test('values in other files are found wherever a tensor may stand', () => {
  const constant = (number: number, tensor: Uint8Array) =>
    bytesField(1, message(stringField(4, 'Constant'), bytesField(5, bytesField(number, tensor))));
  const sparse = bytesField(1, external);
  for (const field of [
    bytesField(5, external),
    bytesField(15, sparse),
    ...[5, 10].map(number => constant(number, external)),
    ...[22, 23].map(number => constant(number, sparse)),
  ]) {
    expect(readModel(made([identity, field])).externalTensors).toEqual(['weights']);
  }
});

test('an operator with a graph of its own is found', () => {
  for (const number of [6, 11]) {
    const loop = bytesField(1, message(stringField(4, 'Loop'), bytesField(5, bytesField(number, new Uint8Array()))));
    expect(readModel(made([identity, loop])).withSubgraphs).toEqual([{ domain: 'ai.onnx', operator: 'Loop' }]);
  }
});

test('operators that the file defines are counted', () => {
  expect(readModel(made([identity], bytesField(25, stringField(1, 'Mine')))).functions).toBe(1);
});

test('an input with a stored default need not be given', () => {
  const input = bytesField(11, stringField(1, 'weights'));
  expect(readModel(made([identity, input, bytesField(5, stringField(8, 'weights'))])).inputs).toEqual([]);
  expect(readModel(made([identity, input])).inputs).toEqual([{ name: 'weights', element: 'unknown', shape: null }]);
});

test('a file of many tiny operators does not fill the memory', () => {
  const operators = Uint8Array.from({ length: 400_000 }, (_, index) => (index % 2 ? 0 : 0x0a));
  expect(() => readModel(made([operators]))).toThrow('There are more than 100000 of a kind');
});

test.each([
  ['nothing', new Uint8Array()],
  ['a text', new TextEncoder().encode('this is no model')],
  ['a message without a graph', message(integerField(1, 8))],
  ['a graph without a version', bytesField(7, identity)],
  ['a graph without an operator', made([])],
  ['two graphs, of which a reader may take either or both', made([identity], bytesField(7, identity))],
  ['an operator with two names', made([bytesField(1, message(stringField(4, 'If'), stringField(4, 'Abs')))])],
])('%s is no model', (_, bytes) => {
  expect(() => readModel(bytes)).toThrow(MalformedMessageError);
});

test('a model that is cut off anywhere is refused, or read as far as it goes', () => {
  for (let length = 0; length < model.length; length++) expectOwnError(model.subarray(0, length));
  expect(() => readModel(model.subarray(0, 50))).toThrow(MalformedMessageError);
});

test('no bytes make it fail in any other way', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectOwnError), { numRuns: 2_000 });
  const change = fc.record({ at: fc.nat({ max: model.length - 1 }), byte: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), changes => {
      const changed = Uint8Array.from(model);
      for (const { at, byte } of changes) changed[at] = byte;
      expectOwnError(changed);
    }),
    { numRuns: 5_000 },
  );
});

function expectOwnError(bytes: Uint8Array): void {
  try {
    readModel(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedMessageError);
  }
}
