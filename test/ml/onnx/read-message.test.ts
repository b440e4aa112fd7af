import fc from 'fast-check';
import { bytesField, integerField, message, stringField } from '../../../ml/onnx/protobuf.ts';
import { MalformedMessageError, readFields, readText } from '../../../ml/onnx/read-message.ts';

test('fields are read as they were written', () => {
  const integers = fc.record({ number: fc.integer({ min: 1, max: 2 ** 29 - 1 }), integer: fc.maxSafeNat() });
  const texts = fc.record({ number: fc.integer({ min: 1, max: 40 }), bytes: fc.uint8Array() });
  fc.assert(
    fc.property(fc.array(fc.oneof(integers, texts)), written => {
      const fields = written.map(field =>
        'integer' in field ? integerField(field.number, field.integer) : bytesField(field.number, field.bytes),
      );
      const none = { integer: 0, bytes: new Uint8Array() };
      expect([...readFields(message(...fields))]).toEqual(written.map(field => ({ ...none, ...field })));
    }),
  );
});

test('no bytes make it fail in any other way', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      try {
        expect([...readFields(bytes)].length).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessageError);
      }
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['ends within a number', [0x72, 0x80]],
  ['ends within a text', [0x72, 0x05, 0x61]],
  ['ends within eight bytes', [0x09, 1, 2, 3]],
  ['has a group, which is long out of use', [0x73]],
  ['has a number of eleven bytes', [0x08, ...Array(10).fill(0x80), 1]],
  ['has a tag that another reader cuts to another field', [0x8a, 0x80, 0x80, 0x80, 0x10, 0]],
  ['has a field 0', [0x02, 0]],
])('a message that %s is refused', (_, bytes) => {
  expect(() => [...readFields(Uint8Array.from(bytes))]).toThrow(MalformedMessageError);
});

test('text is UTF-8', () => {
  const [field] = readFields(stringField(1, 'größe'));
  expect(readText(field!.bytes)).toBe('größe');
  expect(() => readText(Uint8Array.of(0xff))).toThrow(MalformedMessageError);
});
