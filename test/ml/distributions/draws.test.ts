import { drawBinomial } from '../../../ml/distributions/binomial.ts';
import { drawGamma } from '../../../ml/distributions/gamma.ts';
import { drawMultinomial } from '../../../ml/distributions/multinomial.ts';
import { drawNullWindow } from '../../../ml/drift/draw-window.ts';
import { createRandom } from '../../../ml/random.ts';

const draws = 40_000;

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Float64Array.from({ length: draws }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws };
}

test.each([
  [20, 0.1],
  [20, 0.93],
  [500, 0.04],
  [10_000, 0.3],
  [1_000_000, 0.5],
])('drawBinomial() of %i trials at %f has the mean and variance it should', (trials, probability) => {
  const random = createRandom(1);
  const { mean, variance } = moments(() => drawBinomial(trials, probability, random));
  const expected = trials * probability * (1 - probability);
  // Five standard errors.
  expect(Math.abs(mean - trials * probability)).toBeLessThan(5 * Math.sqrt(expected / draws));
  expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / draws) + 0.01);
});

test('drawBinomial() by rejection has the distribution of as many coin throws', () => {
  const random = createRandom(2);
  const counts = new Float64Array(41);
  for (let i = 0; i < draws; i++) counts[drawBinomial(40, 0.4, random)]! += 1;
  let mass = 0.6 ** 40;
  let chiSquare = 0;
  let cells = 0;
  for (let k = 0; k <= 40; k++) {
    if (draws * mass > 10) {
      chiSquare += (counts[k]! - draws * mass) ** 2 / (draws * mass);
      cells += 1;
    }
    mass *= ((40 - k) / (k + 1)) * (0.4 / 0.6);
  }
  expect(chiSquare).toBeLessThan(cells + 4 * Math.sqrt(2 * cells));
});

test('drawBinomial() is certain where there is no chance', () => {
  const random = createRandom(3);
  expect([drawBinomial(0, 0.5, random), drawBinomial(9, 0, random), drawBinomial(9, 1, random)]).toEqual([0, 0, 9]);
});

test.each([1, 2.5, 1_000])('drawGamma() of shape %f has that mean and variance', shape => {
  const random = createRandom(4);
  const { mean, variance } = moments(() => drawGamma(shape, random));
  expect(Math.abs(mean - shape)).toBeLessThan(5 * Math.sqrt(shape / draws));
  expect(Math.abs(variance / shape - 1)).toBeLessThan(0.1);
});

test('all trials fall somewhere, none into a category of weight 0', () => {
  const counts = new Int32Array(4);
  drawMultinomial([0, 3, 0.1, 0], 1_000, createRandom(5), counts);
  expect(counts.reduce((sum, count) => sum + count)).toBe(1_000);
  expect([counts[0], counts[3]]).toEqual([0, 0]);
});

test('a window without drift varies by its own rows and by those of the reference', () => {
  const random = createRandom(6);
  const counts = new Int32Array(2);
  const shares = new Float64Array(2);
  const { variance } = moments(() => {
    drawNullWindow([500, 500], 1_000, random, shares, counts);
    return counts[0]!;
  });
  // 250 of its own, and as much again as the reference has as many rows.
  expect(Math.abs(variance / 500 - 1)).toBeLessThan(0.05);
});
