import { assert, property, string } from 'fast-check';
import { createOutcomeParser } from '../../../lifecycle/outcomes/parse-outcome.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';

const fields = {
  predictionId: 'prediction_id',
  observationId: 'observation_id',
  label: 'label',
  observedAt: 'observed_at',
};
const parse = createOutcomeParser(minimalUseCase, fields, new Date('2026-06-15T12:05:00.000Z'));
const good = { observation_id: 'o-1', label: 'yes', observed_at: '2026-06-15T12:05:00Z' };
const id = '019ca93a-8d7b-7abc-8def-0123456789ff';

test.each([
  ['yes', 1],
  ['no', 0],
  [true, 1],
  [false, 0],
  [1, 1],
  [0, 0],
  ['1', 1],
  [0n, 0],
])('label %j means %i', (label, expected) => {
  expect(parse({ ...good, label })).toMatchObject({ label: expected });
});

test('a word of the use case goes before the usual ones', () => {
  const label = { ...minimalUseCase.label, positive: '0', negative: '1' };
  const swapped = createOutcomeParser({ ...minimalUseCase, label }, fields, new Date());
  expect(swapped({ ...good, label: 0, observed_at: '2020-01-01' })).toMatchObject({ label: 1 });
});

test('a prediction is named in any case, a time in any zone', () => {
  expect(parse({ prediction_id: id.toUpperCase(), label: 'no', observed_at: '2026-06-15T10:00+02:00' })).toEqual({
    ...{ predictionId: id, observationId: null, label: 0, observedAt: '2026-06-15T08:00:00.000Z' },
  });
});

test.each([
  [{ prediction_id: id }, 'expected either prediction_id or observation_id'],
  [{ observation_id: ' ' }, 'expected either prediction_id or observation_id'],
  [{ observation_id: null, prediction_id: 'latest' }, 'prediction_id is "latest", expected an id that a prediction'],
  [{ observation_id: 'x'.repeat(257) }, 'expected at most 256 characters'],
  [{ label: 'maybe' }, 'label is "maybe", expected "true", "false", "1", "0", "yes", "no"'],
  [{ label: null }, 'label is blank'],
  [{ label: ['yes'] }, 'label is "["yes"]"'],
  [{ observed_at: '2026-06-15T12:05:00.001Z' }, 'expected no time in the future'],
  [{ observed_at: '2026-02-31' }, 'expected an ISO 8601 date or time'],
  [{ observed_at: 1_750_000_000 }, 'expected an ISO 8601 date or time'],
])('with %j it is refused: %s', (changes, reason) => {
  expect(parse({ ...good, ...changes })).toContain(reason);
});

test('everything wrong is named at once', () => {
  expect((parse({}) as string).split('; ')).toHaveLength(3);
});

test('whatever a row holds, it is parsed or refused with words', () => {
  assert(
    property(string(), string(), string(), string(), (prediction_id, observation_id, label, observed_at) => {
      const parsed = parse({ prediction_id, observation_id, label, observed_at });
      return typeof parsed === 'string' ? parsed.length > 0 : [0, 1].includes(parsed.label);
    }),
  );
});
