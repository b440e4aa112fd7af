import fc from 'fast-check';
import {
  createPredictionIds,
  predictionPartition,
  timeOfPredictionId,
} from '../../../lifecycle/predictions/prediction-id.ts';

function idsAt(...times: number[]) {
  let calls = 0;
  return createPredictionIds({
    now: () => new Date(times[Math.min(calls++, times.length - 1)]!),
    real: ms => ms,
  });
}

const noon = Date.parse('2026-03-01T12:00:00.123Z');

describe('prediction ids', () => {
  test('are UUIDs of version 7 that tell their time', () => {
    const id = idsAt(noon)();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOfPredictionId(id)).toEqual(new Date(noon));
  });

  test('grow within a millisecond, even when there are more than the counter holds', () => {
    const next = idsAt(noon);
    const ids = Array.from({ length: 10_000 }, next);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(timeOfPredictionId(ids.at(-1)!)!.getTime() - noon).toBeLessThanOrEqual(3);
  });

  test('grow when the clock is set back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 50 }), offsets => {
        const next = idsAt(...offsets.map(offset => noon + offset));
        const ids = offsets.map(() => next());
        expect(ids).toEqual([...new Set(ids)].sort());
      }),
    );
  });

  test('spread the hour over sixteen partitions', () => {
    const next = idsAt(noon);
    const partitions = new Set(Array.from({ length: 1_000 }, () => predictionPartition('loans', next())));
    expect([...partitions].sort()).toEqual(
      Array.from({ length: 16 }, (_, shard) => `loans#2026-03-01T12#${shard}`).sort(),
    );
  });

  test('name their partition for ever', () => {
    expect(predictionPartition('loans', '019ca93a-8d7b-7abc-8def-0123456789ff')).toBe('loans#2026-03-01T11#15');
  });

  test.each([[''], ['latest'], ['019ca93a-8d7b-4abc-8def-0123456789ff'], ['019CA93A-8D7B-7ABC-8DEF-0123456789FF']])(
    'are not %j',
    text => {
      expect(timeOfPredictionId(text)).toBeUndefined();
    },
  );
});
