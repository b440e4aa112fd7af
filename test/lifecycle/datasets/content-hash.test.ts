import fc from 'fast-check';
import type { Column } from '../../../contracts/tables.ts';
import { type CellValue, createContentHash } from '../../../lifecycle/datasets/content-hash.ts';

const schema: Column[] = [
  { name: 'id', type: 'string' },
  { name: 'amount', type: 'double' },
  { name: 'count', type: 'bigint' },
  { name: 'at', type: 'timestamp' },
  { name: 'flag', type: 'boolean' },
];

const rows = fc.array(
  fc.tuple(
    fc.option(fc.string()),
    fc.option(fc.double()),
    fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
    fc.option(fc.date({ noInvalidDate: true })),
    fc.option(fc.boolean()),
  ),
);

test('the hash does not depend on the order of rows', () => {
  fc.assert(fc.property(rows, content => expect(hashOf([...content].reverse())).toBe(hashOf(content))));
});

test('the hash counts duplicates', () => {
  const row = ['a', 1, 2n, new Date(0), true];
  expect(hashOf([row, row])).not.toBe(hashOf([row]));
  expect(hashOf([row, row, row])).not.toBe(hashOf([row]));
});

test('the hash tells values of neighbouring columns apart', () => {
  const texts: Column[] = [
    { name: 'a', type: 'string' },
    { name: 'b', type: 'string' },
  ];
  const hashes = [
    ['ab', 'c'],
    ['a', 'bc'],
    ['abc', ''],
    ['abc', null],
    [null, 'abc'],
  ].map(row => hashOf([row], texts));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('integers hash alike whether they come as number or as bigint', () => {
  expect(hashOf([['a', 1, 2, null, null]])).toBe(hashOf([['a', 1, 2n, null, null]]));
});

test('negative zero hashes as zero', () => {
  expect(hashOf([['a', -0, 2n, null, null]])).toBe(hashOf([['a', 0, 2n, null, null]]));
});

test('the hash depends on the schema', () => {
  expect(hashOf([], schema)).not.toBe(hashOf([], schema.slice(1)));
});

test('a value of another type than its column is refused by name', () => {
  expect(() => hashOf([['a', '1', 2n, null, null]])).toThrow('Column "amount" holds string 1, expected double');
});

function hashOf(content: readonly (readonly CellValue[])[], columns = schema): string {
  const hash = createContentHash(columns);
  for (const row of content) hash.add(row);
  return hash.digest();
}
