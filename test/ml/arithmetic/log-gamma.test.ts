import { readFileSync } from 'node:fs';
import { log } from '../../../ml/arithmetic/log.ts';
import { logGamma } from '../../../ml/arithmetic/log-gamma.ts';

/** Made by test/reference/sequential.py with SciPy. */
const reference: { log_gamma: [number, number][] } = JSON.parse(readFileSync('test/reference/sequential.json', 'utf8'));

test.each(reference.log_gamma)('logGamma(%d) is as SciPy has it', (x, expected) => {
  expect(Math.abs(logGamma(x) - expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(expected)));
});

test('logGamma() of whole numbers is the logarithm of the factorial before them', () => {
  let sum = 0;
  for (let n = 1; n <= 50; n++) {
    expect(logGamma(n)).toBeCloseTo(sum, 11);
    sum += log(n);
  }
});

test.each([0, -1, Number.NaN])('logGamma(%d) is no number', x => {
  expect(logGamma(x)).toBeNaN();
});
