import fc from 'fast-check';
import { parseExactJson, printExactJson } from '../../../local/iceberg/exact-json.ts';

test('snapshot ids of any size come back as they were', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -1n, max: 2n ** 63n - 1n }), id => {
      const value = { 'current-snapshot-id': id, snapshots: [{ 'snapshot-id': id, 'parent-snapshot-id': id }] };
      expect(parseExactJson(printExactJson(value))).toEqual(value);
    }),
  );
});

test('a snapshot id is printed as a number, and other numbers stay Numbers', () => {
  const text = '{"snapshot-id":4611686018427387905,"timestamp-ms":1767225600000,"summary":{"snapshot-id":"7"}}';
  const value = parseExactJson(text);
  expect(value).toEqual({
    'snapshot-id': 4611686018427387905n,
    'timestamp-ms': 1767225600000,
    summary: { 'snapshot-id': '7' },
  });
  expect(printExactJson(value)).toBe(text);
});
