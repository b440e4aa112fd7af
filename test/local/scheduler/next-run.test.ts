import { nextRun } from '../../../local/scheduler/next-run.ts';

const since = new Date('2026-11-20T10:20:00Z');
const after = new Date('2026-11-21T00:00:00Z');

test.each([
  ['cron(0 3 * * ? *)', 'UTC', '2026-11-21T03:00:00.000Z'],
  ['cron(0 3 * * ? *)', 'Europe/Berlin', '2026-11-21T02:00:00.000Z'],
  ['cron(0 0 ? * 6L *)', 'UTC', '2026-11-27T00:00:00.000Z'],
  ['cron(0 0 ? * L *)', 'UTC', '2026-11-28T00:00:00.000Z'],
  ['cron(0 12 LW * ? *)', 'UTC', '2026-11-30T12:00:00.000Z'],
  ['cron(0 0 1 1 ? 2030)', 'UTC', '2030-01-01T00:00:00.000Z'],
  ['rate(1 day)', 'UTC', '2026-11-21T10:20:00.000Z'],
  ['rate(6 hours)', 'UTC', '2026-11-21T04:20:00.000Z'],
  ['rate(5 minutes)', 'UTC', '2026-11-21T00:05:00.000Z'],
  ['at(2026-12-24T18:00:00)', 'Europe/Berlin', '2026-12-24T17:00:00.000Z'],
])('%s in %s runs next at %s', (expression, timeZone, expected) => {
  expect(nextRun({ expression, timeZone, since }, after)?.toISOString()).toBe(expected);
});

test.each(['at(2026-11-20T00:00:00)', 'cron(0 0 1 1 ? 2020)'])('%s never runs again', expression => {
  expect(nextRun({ expression, timeZone: 'UTC', since }, after)).toBeUndefined();
});

test('a rate that counts from a later instant runs first a period after it', () => {
  expect(nextRun({ expression: 'rate(1 hour)', timeZone: 'UTC', since: after }, since)?.toISOString()).toBe(
    '2026-11-21T01:00:00.000Z',
  );
});

test.each([
  ['rate(0 hours)', 'UTC', 'expected rate'],
  ['rate(2 weeks)', 'UTC', 'expected rate'],
  ['at(tomorrow)', 'UTC', 'expected at'],
  ['every day', 'UTC', 'expected cron'],
  ['cron(0 3 * * ? *)', 'Mars/Olympus', 'Mars/Olympus'],
])('%s in %s is refused', (expression, timeZone, problem) => {
  expect(() => nextRun({ expression, timeZone, since }, after)).toThrow(problem);
});
