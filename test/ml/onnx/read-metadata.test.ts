import { writeModel } from '../../../ml/onnx/graph.ts';
import { MalformedMessageError } from '../../../ml/onnx/read-message.ts';
import { readMetadata } from '../../../ml/onnx/read-metadata.ts';

const graph = { name: 'empty', inputs: [], outputs: [], nodes: [] };

test('metadata is read as it was written', () => {
  const metadata = { 'a.key': 'a value', empty: '', größe: '≥ 5 "m"', long: 'x'.repeat(300) };

  expect(readMetadata(writeModel(graph, metadata))).toEqual(metadata);
});

test('a file without metadata says nothing', () => {
  expect(readMetadata(writeModel(graph))).toEqual({});
});

test('metadata does not change the rest of the file', () => {
  const bare = Buffer.from(writeModel(graph));

  expect(Buffer.from(writeModel(graph, { key: 'value' })).subarray(0, bare.length)).toEqual(bare);
});

test.each([
  ['cut off in a number', [0x72, 0x80]],
  ['cut off in a text', [0x72, 0x05, 0x61]],
  ['of an unknown wire type', [0x73]],
])('bytes that are %s are refused', (_, bytes) => {
  expect(() => readMetadata(Uint8Array.from(bytes))).toThrow(MalformedMessageError);
});
