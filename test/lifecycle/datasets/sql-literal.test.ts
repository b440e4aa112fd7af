import fc from 'fast-check';
import { ddlName, readTimestamp, sqlName, sqlString, sqlTimestamp } from '../../../lifecycle/datasets/sql-literal.ts';

test('any text is one literal that reads as itself', () => {
  const text = fc.string({ unit: fc.oneof(fc.constantFrom("'", '"', '\\', '\n', ';', '-', '%'), fc.string()) });
  fc.assert(
    fc.property(text, value => {
      const literal = sqlString(value);
      expect(literal).toMatch(/^'(?:[^']|'')*'$/);
      expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(value);
    }),
  );
});

test('text that would end a literal stays inside it', () => {
  expect(sqlString("'; DROP TABLE t; --")).toBe("'''; DROP TABLE t; --'");
});

test('any name is one quoted name that reads as itself', () => {
  fc.assert(
    fc.property(fc.string(), name => {
      expect(sqlName(name)).toMatch(/^"(?:[^"]|"")*"$/);
      expect(ddlName(name)).toMatch(/^`(?:[^`]|``)*`$/);
      expect(sqlName(name).slice(1, -1).replaceAll('""', '"')).toBe(name);
    }),
  );
});

test('an instant is a timestamp in UTC with milliseconds', () => {
  expect(sqlTimestamp(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6)))).toBe("TIMESTAMP '2026-01-02 03:04:05.006'");
});

test.each(['2026-01-02 03:04:05.006', '2026-01-02 03:04:05.006000', '2026-01-02 03:04:05.006 UTC'])(
  'the timestamp %s is read as an instant in UTC',
  text => {
    expect(readTimestamp(text)).toBe('2026-01-02T03:04:05.006Z');
  },
);
