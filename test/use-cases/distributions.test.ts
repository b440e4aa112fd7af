import { createRandom } from '../../ml/random.ts';
import { chance, clip, logistic, pick, quantileFunction, roundTo } from '../../use-cases/distributions.ts';

test('a quantile function is linear between the shares it is given', () => {
  const valueAt = quantileFunction({ 0: -10, 0.25: 0, 1: 300 });
  expect([0, 0.125, 0.25, 0.5, 1].map(valueAt)).toEqual([-10, -5, 0, 100, 300]);
});

test('a level is picked as often as its weight says', () => {
  const random = createRandom(1);
  const picked = Array.from({ length: 20_000 }, () => pick(random, { never: 0, seldom: 1, often: 3 }));
  expect(new Set(picked)).toEqual(new Set(['seldom', 'often']));
  expect(picked.filter(level => level === 'often').length / picked.length).toBeCloseTo(0.75, 1.5);
});

test('a chance is taken as often as it says', () => {
  const random = createRandom(2);
  const taken = Array.from({ length: 20_000 }, () => chance(random, 0.3)).filter(Boolean).length;
  expect(taken / 20_000).toBeCloseTo(0.3, 1.5);
  expect([chance(random, 0), chance(random, 1)]).toEqual([false, true]);
});

test('log-odds become probabilities', () => {
  expect([-1_000, 0, 1_000].map(logistic)).toEqual([0, 0.5, 1]);
  expect(logistic(Math.log(3))).toBeCloseTo(0.75, 12);
});

test('values are clipped and rounded', () => {
  expect([clip(-5, 0, 9), clip(5, 0, 9), clip(50, 0, 9)]).toEqual([0, 5, 9]);
  expect([roundTo(1.005, 0), roundTo(-73.98765, 2), roundTo(12.34, 4)]).toEqual([1, -73.99, 12.34]);
});
