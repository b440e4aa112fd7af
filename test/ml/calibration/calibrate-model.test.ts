import { openModel } from '../../../lifecycle/inference/model-session.ts';
import { calibrateModel, predictLogOdds } from '../../../ml/calibration/calibrate-model.ts';
import { logOdds } from '../../../ml/calibration/log-odds.ts';
import { applyPlattScaling, fitPlattScaling } from '../../../ml/calibration/platt-scaling.ts';
import { brierScore, logLoss } from '../../../ml/metrics/probability-losses.ts';
import { type Candidate, fitModel } from '../../../ml/model.ts';
import { exportOnnx } from '../../../ml/onnx/export-model.ts';
import { halfVote } from '../../../ml/random-forest/random-forest.ts';
import { resample } from '../../../ml/resampling/resample.ts';
import { makeUpRows, range } from '../made-up-rows.ts';

const data = makeUpRows(1_000, 28);
const candidates: Candidate[] = [
  { algorithm: 'logistic-regression' },
  { algorithm: 'gradient-boosting', trees: 20 },
  { algorithm: 'random-forest', trees: 20 },
  { algorithm: 'support-vector', C: 0.5 },
];

describe.each(candidates)('$algorithm', candidate => {
  const model = fitModel(candidate, data, range(0, 600), 1);
  const scaling = { slope: Math.fround(0.6), offset: Math.fround(-1.1) };
  const calibrated = calibrateModel(model, scaling);

  test('a calibrated model scales the log odds', () => {
    const expected = applyPlattScaling(scaling, predictLogOdds(model, data.columns, range(0, 1_000)));
    // Weights, leaves and scaling are float32.
    calibrated.predict(data.columns).forEach((probability, row) => {
      expect(probability).toBeCloseTo(expected[row]!, 6);
    });
  });

  test('its exported graph computes what it does', async () => {
    const session = await openModel(exportOnnx(calibrated));
    const scores = await session.score(data.columns);
    await session.close();
    calibrated.predict(data.columns).forEach((probability, row) => {
      expect(Math.abs(probability - scores[row]!)).toBeLessThan(1e-6);
    });
  });

  test('the model itself stays as it was', () => {
    expect(fitModel(candidate, data, range(0, 600), 1).fitted).toEqual(model.fitted);
  });
});

test('calibration on untouched rows makes up for resampling', () => {
  const rare = { ...data, labels: data.labels.map((label, row) => (row % 4 === 0 ? label : 0)) };
  const oversampled = resample({ method: 'smote', percentageOver: 700 }, rare, range(0, 400), 1);
  const model = fitModel({ algorithm: 'logistic-regression' }, oversampled.data, oversampled.rows, 1);
  const untouched = range(400, 700);
  const scores = logOdds(model.predict(rare.columns, untouched));
  const calibrated = calibrateModel(model, fitPlattScaling(scores, rare.labels.slice(400, 700)));
  const held = range(700, 1_000);
  const labels = rare.labels.slice(700, 1_000);
  expect(brierScore(labels, calibrated.predict(rare.columns, held))).toBeLessThan(
    brierScore(labels, model.predict(rare.columns, held)),
  );
  expect(logLoss(labels, calibrated.predict(rare.columns, held))).toBeLessThan(
    logLoss(labels, model.predict(rare.columns, held)),
  );
});

test('a forest that never votes for a label is taken to be about as certain as it has trees', () => {
  const model = fitModel({ algorithm: 'random-forest', trees: 20 }, data, range(0, 600), 1);
  const votes = model.predict(data.columns, range(0, 600));
  expect(votes.includes(0)).toBe(true);
  // Half a vote of 21 is 1/42: the power of two below is 1/64.
  const odds = predictLogOdds(model, data.columns, range(0, 600));
  expect(Math.min(...odds)).toBeCloseTo(-Math.log(63), 12);
  expect(Math.max(...odds)).toBeLessThanOrEqual(Math.log(63));
  expect([1, 3, 100, 10_000].map(halfVote)).toEqual([1 / 4, 1 / 8, 1 / 256, 1 / 32_768]);
});

test('logOdds() of certainty is finite', () => {
  const [never, half, always] = logOdds(Float64Array.of(0, 0.5, 1));
  expect(half).toBe(0);
  expect(never).toBeCloseTo(-22 * Math.LN2, 6);
  expect(always).toBeCloseTo(22 * Math.LN2, 6);
});
