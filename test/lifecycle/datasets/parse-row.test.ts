import { createRowParser } from '../../../lifecycle/datasets/parse-row.ts';
import { defineUseCase } from '../../../use-cases/define-use-case.ts';
import { minimalUseCase } from './minimal-use-case.ts';

const parse = createRowParser(minimalUseCase);

const good = { id: 'a1', amount: '12.5', visits: '3', plan: 'basic', member: 'ja', churned: 'no', at: '2026-01-02' };

test('a good row is read by the file’s names and words', () => {
  expect(parse(good)).toEqual({
    observationId: 'a1',
    entityId: undefined,
    eventTime: Date.UTC(2026, 0, 2),
    features: [12.5, 3, 'basic', true],
    label: 0,
  });
});

test('values that are typed already are taken', () => {
  const typed = { id: 7n, amount: 12.5, visits: 3n, plan: 'pro', member: false, churned: 'yes', at: new Date(5) };
  expect(parse(typed)).toEqual({
    observationId: '7',
    entityId: undefined,
    eventTime: 5,
    features: [12.5, 3, 'pro', false],
    label: 1,
  });
});

test.each([null, '', '  ', undefined])('%p is a missing feature and an unknown label', blank => {
  const row = { id: 'a', at: '2026-01-02', amount: blank, visits: blank, plan: blank, member: blank, churned: blank };
  expect(parse(row)).toMatchObject({ features: [null, null, null, null], label: null });
});

test('every problem of a row is in one text', () => {
  const bad = { id: 'a', amount: 'x', visits: '1.5', plan: 'gold', member: 'si', churned: 'maybe', at: 'soon' };
  expect(parse(bad)).toBe(
    [
      'at is "soon", expected an ISO 8601 date or time from 1970 to 2199',
      'amount is "x", expected a number from 0 to 1000',
      'visits is "1.5", expected an integer',
      'plan is "gold", expected one of "basic", "pro"',
      'member is "si", expected one of "true", "false", "ja", "nein"',
      'churned is "maybe", expected "yes", "no" or nothing',
    ].join('; '),
  );
});

test.each([
  ['amount', '-0.1'],
  ['amount', '1e4'],
  ['amount', 'NaN'],
  ['amount', '0x10'],
  ['amount', '1 000'],
  ['amount', 'Infinity'],
  ['visits', '9007199254740993'],
  ['id', ''],
  ['id', 'x'.repeat(257)],
  ['at', ''],
  ['at', '2026-02-30'],
  ['at', '1969-12-31'],
  ['at', '2026-01-02T25:00'],
  ['at', '01/02/2026'],
])('%s = "%s" is not accepted', (name, value) => {
  expect(parse({ ...good, [name]: value })).toMatch(new RegExp(`^${name} is `));
});

test.each([
  ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
  ['2026-01-02T03:04:05+02:00', Date.UTC(2026, 0, 2, 1, 4, 5)],
  ['2026-01-02 03:04:05.678', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
  ['2026-01-02 03:04', Date.UTC(2026, 0, 2, 3, 4)],
])('the time %s is read, in UTC where no zone is given', (text, expected) => {
  expect(parse({ ...good, at: text })).toMatchObject({ eventTime: expected });
});

test('an integer may be written with a zero fraction', () => {
  expect(parse({ ...good, visits: '3.0' })).toMatchObject({ features: [12.5, 3, 'basic', true] });
});

test('a file without id, entity and time leaves them open', () => {
  const { id, at, ...rest } = good;
  expect(parse(rest)).toMatchObject({ observationId: undefined, entityId: undefined, eventTime: undefined });
});

test('a level that is not declared is taken only where any is', () => {
  expect(parse({ ...good, plan: 'gold' })).toContain('plan is "gold"');
  const lenient = createRowParser(minimalUseCase, { takesAnyLevel: true });
  expect(lenient({ ...good, plan: 'gold' })).toMatchObject({ features: [12.5, 3, 'gold', true] });
});

test('without a mapping the columns have the names of the features and the table', () => {
  const { columns, ...source } = minimalUseCase.source;
  const plain = createRowParser(defineUseCase({ ...minimalUseCase, source }));
  expect(
    plain({ ...good, member: 'true', observation_id: 'o', customer: 'c', event_time: '2026-01-02' }),
  ).toMatchObject({
    observationId: 'o',
    entityId: 'c',
    eventTime: Date.UTC(2026, 0, 2),
  });
});
