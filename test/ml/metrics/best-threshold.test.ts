import { bestThreshold } from '../../../ml/metrics/best-threshold.ts';
import { confusionMatrix } from '../../../ml/metrics/confusion-matrix.ts';
import { createRandom } from '../../../ml/random.ts';

const campaign = { truePositive: 50, falsePositive: -5, trueNegative: 0, falseNegative: 0 };

function profitAt(threshold: number, labels: Uint8Array, scores: Float64Array, profit = campaign): number {
  const matrix = confusionMatrix(labels, scores, threshold);
  return (
    matrix.truePositives * profit.truePositive +
    matrix.falsePositives * profit.falsePositive +
    matrix.trueNegatives * profit.trueNegative +
    matrix.falseNegatives * profit.falseNegative
  );
}

test('the threshold lies in the middle between the last row worth acting on and the next', () => {
  const choice = bestThreshold(Uint8Array.of(0, 0, 1, 1), Float64Array.of(0.1, 0.2, 0.4, 0.8), campaign);
  expect(choice.threshold).toBeCloseTo(0.3, 12);
  expect(choice).toMatchObject({ profit: 100, profitOfEveryone: 90, profitOfNoOne: 0 });
});

test('everyone is acted on where acting costs nothing, and no one where it never pays', () => {
  const labels = Uint8Array.of(0, 1, 0);
  const scores = Float64Array.of(0.3, 0.2, 0.9);
  expect(bestThreshold(labels, scores, { ...campaign, falsePositive: 0 }).threshold).toBe(0);
  expect(bestThreshold(labels, scores, { ...campaign, truePositive: -1 })).toMatchObject({ threshold: 1, profit: 0 });
});

test('rows of one score are decided alike', () => {
  const choice = bestThreshold(Uint8Array.of(1, 0, 0, 0), Float64Array.of(0.5, 0.5, 0.5, 0.1), {
    ...campaign,
    truePositive: 9,
  });
  expect(choice).toMatchObject({ threshold: 1, profit: 0 });
});

test('no other threshold earns more, whatever the profits', () => {
  const random = createRandom(31);
  for (let round = 0; round < 200; round++) {
    const rows = 1 + random.integer(30);
    const labels = Uint8Array.from({ length: rows }, () => random.integer(2));
    const scores = Float64Array.from({ length: rows }, () => random.integer(12) / 12);
    const draw = () => random.integer(21) - 10;
    const profit = { truePositive: draw(), falsePositive: draw(), trueNegative: draw(), falseNegative: draw() };
    const choice = bestThreshold(labels, scores, profit);
    const tried = [0, 1, ...scores].map(threshold => profitAt(threshold, labels, scores, profit));
    expect(choice.profit).toBe(Math.max(...tried));
    expect(profitAt(choice.threshold, labels, scores, profit)).toBe(choice.profit);
  }
});
