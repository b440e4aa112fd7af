import { type Candidate, fitModel } from '../../../ml/model.ts';
import { exportOnnx } from '../../../ml/onnx/export-model.ts';
import { firstDifference } from '../../../ml/onnx/first-difference.ts';
import { writeModel } from '../../../ml/onnx/graph.ts';
import { MalformedMessageError } from '../../../ml/onnx/read-message.ts';
import { makeUpRows, range } from '../made-up-rows.ts';

const data = makeUpRows(300, 101);

function train(candidate: Candidate, rows = 300, metadata = {}): Uint8Array {
  return exportOnnx(fitModel(candidate, data, range(0, rows), 1), metadata);
}

test('equal files have no difference', () => {
  expect(
    firstDifference(train({ algorithm: 'random-forest', trees: 3 }), train({ algorithm: 'random-forest', trees: 3 })),
  ).toBeUndefined();
});

test('another weight is named by its operator and its place', () => {
  const difference = firstDifference(
    train({ algorithm: 'logistic-regression' }),
    train({ algorithm: 'logistic-regression', C: 0.5 }),
  );
  expect(difference).toMatch(
    /^graph, node \w+ \S+, attribute \w+, floats, value \d+ of \d+: -?[\d.e-]+ against -?[\d.e-]+$/,
  );
});

test('other numbers of nodes are told apart', () => {
  const candidate = { algorithm: 'gradient-boosting', trees: 3, maxDepth: 2 } as const;
  expect(firstDifference(train(candidate), train({ ...candidate, trees: 4 }))).toMatch(
    /^graph, node TreeEnsemble\w+ \S+, attribute \w+, \w+: \d+ values against \d+$/,
  );
});

test('another text is quoted', () => {
  const candidate = { algorithm: 'logistic-regression' } as const;
  expect(firstDifference(train(candidate, 300, { by: 'us' }), train(candidate, 300, { by: 'them' }))).toBe(
    'metadata_props by, value: "us" against "them"',
  );
});

test('what one file has alone is counted', () => {
  const candidate = { algorithm: 'logistic-regression' } as const;
  expect(firstDifference(train(candidate), train(candidate, 300, { by: 'us' }))).toBe('the file: 5 entries against 6');
});

test('bytes that are no model are refused', () => {
  const onnx = train({ algorithm: 'logistic-regression' });
  expect(() => firstDifference(onnx, onnx.subarray(0, 100))).toThrow(MalformedMessageError);
});

test('packed integers are counted as integers, however many bytes each has', () => {
  const onnx = (integers: number[]) => {
    const attributes = { many: { integers } };
    const node = { operator: 'Identity', inputs: ['x'], outputs: ['y'], attributes };
    return writeModel({ name: 'g', inputs: [], outputs: [], nodes: [node] });
  };
  expect(firstDifference(onnx([1, 300, 5]), onnx([1, 300, 7]))).toBe(
    'graph, node Identity y, attribute many, ints, value 3 of 3: 5 against 7',
  );
  expect(firstDifference(onnx([1, 300]), onnx([1, 300, 7]))).toBe(
    'graph, node Identity y, attribute many, ints: 2 values against 3',
  );
});
