import { sigmoid } from '../../../ml/arithmetic/sigmoid.ts';
import {
  applyBinnedCalibration,
  type BinnedCalibration,
  drawLogOdds,
  fitBinnedCalibration,
  observedLogOdds,
} from '../../../ml/calibration/binned-calibration.ts';
import { logOdds } from '../../../ml/calibration/log-odds.ts';
import { createRandom } from '../../../ml/random.ts';

const calibrate = (calibration: BinnedCalibration, scores: Float64Array) =>
  applyBinnedCalibration(calibration, logOdds(scores), observedLogOdds(calibration));

test('scores that are too timid are put right', () => {
  const random = createRandom(1);
  const odds = Float64Array.from({ length: 20_000 }, () => random.normal());
  const scores = odds.map(value => sigmoid(value / 2));
  const labels = Uint8Array.from(odds, value => (random.uniform() < sigmoid(value) ? 1 : 0));
  const calibrated = calibrate(fitBinnedCalibration(scores, labels), scores);
  const errors = odds.map((value, row) => Math.abs(calibrated[row]! - sigmoid(value))).sort();
  expect(errors[10_000]).toBeLessThan(0.02);
  expect(errors[19_000]).toBeLessThan(0.05);
});

test('scores that are all alike become the share of positives', () => {
  const calibration = fitBinnedCalibration(new Float64Array(100).fill(0.9), new Uint8Array(100).fill(1, 0, 30));
  expect(calibrate(calibration, Float64Array.of(0.9))[0]).toBeCloseTo(0.302, 3);
});

test('what few rows leave open is drawn', () => {
  const random = createRandom(2);
  const spread = (rows: number) => {
    const calibration = { scored: [0], positives: [rows], negatives: [rows] };
    const drawn = Array.from({ length: 400 }, () => drawLogOdds(calibration, random)[0]!);
    return Math.sqrt(drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length);
  };
  // The standard error of log odds of two halves of n rows is √(4 / n).
  expect(spread(500) / Math.sqrt(4 / 1_000)).toBeCloseTo(1, 0);
  expect(spread(5)).toBeGreaterThan(0.4);
});
