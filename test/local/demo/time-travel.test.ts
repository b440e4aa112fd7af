import fc from 'fast-check';
import { clockOrigin } from '../../../local/demo/time-travel.ts';

test('a clock with the origin shows the moment that was asked for, whatever its speed', () => {
  const instants = fc.integer({ min: 0, max: 4_000_000_000_000 });
  fc.assert(
    fc.property(instants, instants, fc.double({ min: 1.5, max: 1_000, noNaN: true }), (now, instant, speed) => {
      const origin = clockOrigin(now, instant, speed);
      expect(Number.isInteger(origin)).toBe(true);
      // The origin is in whole milliseconds: half of one, at the clock's speed.
      expect(Math.abs(origin + (now - origin) * speed - instant)).toBeLessThanOrEqual(speed / 2 + 1);
    }),
  );
});
