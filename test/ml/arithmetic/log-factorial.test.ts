import { logFactorial } from '../../../ml/arithmetic/log-factorial.ts';
import { logGamma } from '../../../ml/arithmetic/log-gamma.ts';

test('the logarithm of a factorial is the sum of the factors’ logarithms', () => {
  let sum = 0;
  for (let n = 0; n <= 20_000; n++) {
    if (n > 0) sum += Math.log(n);
    expect(Math.abs(logFactorial(n) - sum)).toBeLessThanOrEqual(1e-12 * Math.max(sum, 1));
  }
});

test('it is the same when it is asked for again, and as that of the gamma function', () => {
  for (const n of [2, 9, 100, 16_383, 16_384, 10_000_000]) {
    expect([logFactorial(n), logFactorial(n)]).toEqual([logGamma(n + 1), logGamma(n + 1)]);
  }
});
