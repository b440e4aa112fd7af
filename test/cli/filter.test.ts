import fc from 'fast-check';
import { type Filter, type FilterValue, filterFields, matches, parseFilter } from '../../cli/filter.ts';

const fields = {
  'metrics.roc_auc': 0.81,
  'params.algorithm': 'gradient-boosting',
  'params.trees': 100,
  status: 'finished',
  selected: true,
};

test.each([
  ['metrics.roc_auc > 0.8 and params.algorithm = "gradient-boosting"', true],
  ['metrics.roc_auc > .9 or params.trees >= 1e2', true],
  ['not (status = "failed") AND selected = true', true],
  ['not status = "finished"', false],
  ['params.trees <= 99.5', false],
  ['params.trees != 100', false],
  ['params.trees = "100"', false],
  ['params.trees < "200"', false],
  ['params.C > 0', false],
  ['params.C = null', true],
  ['params.C != null', false],
  ['status = "finished" or status = "failed" and selected = false', true],
  ['(status = "finished" or status = "failed") and selected = false', false],
  ['metrics.roc_auc>0.8and selected=true', undefined],
  ['status="fini\\"shed"', false],
])('%s', (text, expected) => {
  if (expected === undefined) expect(() => parseFilter(text)).toThrow('expected a number');
  else expect(matches(parseFilter(text), fields)).toBe(expected);
});

test.each([
  ['', 'character 1: got the end, expected a field such as metrics.roc_auc'],
  ['metrics.roc_auc', 'character 16: got the end, expected <=, >=, !=, =, <, >'],
  ['metrics.roc_auc > high', 'character 19: got "high", expected a number, a "text", true, false or null'],
  ['(status = "failed"', 'character 19: got the end, expected ")"'],
  ['status = "failed" seconds > 3', 'character 19: got "seconds > 3", expected "and", "or" or the end'],
  ['status = "failed', 'character 10: got ""failed", expected a number'],
])('%s is refused where it goes wrong', (text, message) => {
  expect(() => parseFilter(text)).toThrow(`Cannot read the filter at ${message}`);
});

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/).filter(word => !['not', 'and', 'or'].includes(word));
const field = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('.'));
const value: fc.Arbitrary<FilterValue> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => number + 0),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
);
const { filter } = fc.letrec<{ filter: Filter }>(tie => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('comparison' as const),
      field,
      operator: fc.constantFrom('<=', '>=', '!=', '=', '<', '>'),
      value,
    }),
    fc.record({ kind: fc.constant('not' as const), term: tie('filter') }),
    fc.record({ kind: fc.constantFrom('and', 'or'), terms: fc.tuple(tie('filter'), tie('filter'), tie('filter')) }),
  ),
}));

test('parseFilter() reads back every filter that can be written', () => {
  fc.assert(
    fc.property(filter, fc.constantFrom(' ', '  ', '\n'), (given, blank) => {
      expect(parseFilter(write(given, blank))).toEqual(given);
    }),
  );
});

test('parseFilter() reads any text or refuses it by name', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab. "=<>!()not3-e\\') }), text => {
      try {
        parseFilter(text);
      } catch (error) {
        expect(error).toMatchObject({ name: 'InvalidFilterError' });
      }
    }),
  );
});

test('matches() of a negation is the negation, and De Morgan holds', () => {
  const record = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);
  const ofFew = filter.map(given => renameFields(given));
  fc.assert(
    fc.property(ofFew, ofFew, record, (left, right, values) => {
      const not = (term: Filter): Filter => ({ kind: 'not', term });
      expect(matches(not(left), values)).toBe(!matches(left, values));
      expect(matches(not({ kind: 'and', terms: [left, right] }), values)).toBe(
        matches({ kind: 'or', terms: [not(left), not(right)] }, values),
      );
    }),
  );
});

test('filterFields() names each field', () => {
  expect(filterFields(parseFilter('a.b = 1 and not (c = 2 or a.b = 3)'))).toEqual(['a.b', 'c', 'a.b']);
});

function write(given: Filter, blank: string): string {
  if (given.kind === 'comparison') return [given.field, given.operator, writeValue(given.value)].join(blank);
  if (given.kind === 'not') return `not${blank}(${write(given.term, blank)})`;
  return given.terms.map(term => `(${write(term, blank)})`).join(`${blank}${given.kind}${blank}`);
}

function writeValue(value: FilterValue): string {
  return typeof value === 'string' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : String(value);
}

function renameFields(given: Filter): Filter {
  if (given.kind === 'comparison') return { ...given, field: 'abc'[given.field.length % 3]! };
  if (given.kind === 'not') return { ...given, term: renameFields(given.term) };
  const [first, second, third] = given.terms.map(renameFields);
  return { ...given, terms: [first!, second!, third!] };
}
