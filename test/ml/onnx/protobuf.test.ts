import {
  bytesField,
  floatField,
  floatsField,
  integerField,
  integersField,
  message,
  stringField,
} from '../../../ml/onnx/protobuf.ts';

test.each([
  // The examples of the encoding's own documentation.
  ['an integer', integerField(1, 150), '089601'],
  ['a text', stringField(2, 'testing'), '120774657374696e67'],
  ['a nested message', bytesField(3, integerField(1, 150)), '1a03089601'],
  ['packed integers', integersField(6, [3, 270, 86942]), '3206038e029ea705'],
  ['zero', integerField(1, 0), '0800'],
  ['an integer past 32 bits', integerField(1, 2 ** 40), '08808080808020'],
  ['a field number past 15', integerField(20, 1), 'a00101'],
  ['a float', floatField(2, 1), '150000803f'],
  ['packed floats, NaN among them', floatsField(7, [-2, Number.NaN]), '3a08000000c00000c07f'],
  ['text beyond ASCII', stringField(1, 'é'), '0a02c3a9'],
])('%s is written as the format says', (_, field, hex) => {
  expect(Buffer.from(field).toString('hex')).toBe(hex);
});

test('a message is its fields one after another', () => {
  expect([...message(integerField(1, 1), integerField(2, 2))]).toEqual([8, 1, 16, 2]);
});

test('an integer that does not fit is refused', () => {
  for (const value of [-1, 0.5, 2 ** 60]) expect(() => integerField(1, value)).toThrow(RangeError);
});
