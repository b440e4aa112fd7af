import fc from 'fast-check';
import { bucketOf } from '../../../local/iceberg/bucket.ts';

/** Hash values of the specification's appendix B. */
test.each<[string, bigint | string, number]>([
  ['int or long 34', 34n, 2017239379],
  ['date 2017-11-16', 17486n, -653330422],
  ['timestamp 2017-11-16T22:31:08', 1510871468000000n, -2047944441],
  ['timestamp 2017-11-16T22:31:08.000001', 1510871468000001n, -1207196810],
  ['string iceberg', 'iceberg', 1210000089],
])('the bucket of %s comes from the hash that the specification gives', (_, value, hash) => {
  for (const width of [1, 16, 1000, 2 ** 31 - 1]) expect(bucketOf(value, width)).toBe((hash & 0x7fffffff) % width);
});

test('every value has a bucket below the width', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (any, width) => {
      const bucket = bucketOf(any, width);
      expect(bucket).toBeGreaterThanOrEqual(0);
      expect(bucket).toBeLessThan(width);
    }),
  );
});
