import fc from 'fast-check';
import { readClock } from '../../../lifecycle/clock.ts';
import { clockOrigin } from '../../../local/demo/time-travel.ts';

test('a clock with the origin shows the moment that was asked for, whatever its speed', () => {
  const instants = fc.integer({ min: 0, max: 4_000_000_000_000 });
  fc.assert(
    fc.property(instants, fc.double({ min: 1.5, max: 1_000, noNaN: true }), (instant, speed) => {
      const now = Date.now();
      const origin = clockOrigin(now, instant, speed);
      const clock = readClock({ CLOCK_SPEED: String(speed), CLOCK_ORIGIN: String(origin) });
      const passed = (Date.now() - now) * speed;
      // An origin in whole milliseconds is off by a half at most.
      expect(clock.now().getTime() - instant).toBeGreaterThanOrEqual(-speed);
      expect(clock.now().getTime() - instant).toBeLessThanOrEqual(passed + 2 * speed + 1);
    }),
  );
});
