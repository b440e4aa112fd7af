import { sigmoid } from '../../../ml/arithmetic/sigmoid.ts';
import { applyBinnedCalibration, fitBinnedCalibration } from '../../../ml/calibration/binned-calibration.ts';
import { createRandom } from '../../../ml/random.ts';

test('scores that are too timid are put right', () => {
  const random = createRandom(1);
  const odds = Float64Array.from({ length: 20_000 }, () => random.normal());
  const scores = odds.map(value => sigmoid(value / 2));
  const labels = Uint8Array.from(odds, value => (random.uniform() < sigmoid(value) ? 1 : 0));
  const calibrated = applyBinnedCalibration(fitBinnedCalibration(scores, labels), scores);
  const errors = odds.map((value, row) => Math.abs(calibrated[row]! - sigmoid(value))).sort();
  expect(errors[10_000]).toBeLessThan(0.02);
  expect(errors[19_000]).toBeLessThan(0.05);
});

test('scores that are all alike become the share of positives', () => {
  const calibration = fitBinnedCalibration(new Float64Array(100).fill(0.9), new Uint8Array(100).fill(1, 0, 30));
  expect(applyBinnedCalibration(calibration, Float64Array.of(0.9))[0]).toBeCloseTo(0.302, 3);
});
