import { fitBinnedCalibration } from '../../../ml/calibration/binned-calibration.ts';
import { countEachRow, groupRows } from '../../../ml/metrics/class-counts.ts';
import { evaluateScores } from '../../../ml/metrics/evaluate.ts';
import { estimateMetrics, evaluateCounts } from '../../../ml/metrics/evaluate-counts.ts';
import { createRandom } from '../../../ml/random.ts';

const random = createRandom(1);
const scores = Float64Array.from({ length: 2_000 }, () => Math.round(random.uniform() ** 2 * 500) / 500);
const labels = Uint8Array.from(scores, score => (random.uniform() < score ? 1 : 0));
const grouped = groupRows(labels, scores);
const { cells } = countEachRow(grouped);
const options = { threshold: 0.4, seed: 1 };

test('evaluateCounts() measures counted rows as evaluateScores() does the rows themselves', () => {
  const counted = evaluateCounts(grouped.scores, cells, options);
  const expected = evaluateScores({ labels, scores, ...options });
  for (const [name, { value, low, high, baseRate }] of Object.entries(expected)) {
    const report = counted[name as keyof typeof expected];
    expect(report.value).toBeCloseTo(value, 12);
    expect(report.baseRate).toBe(baseRate);
    // Both draw rows with replacement, each its own.
    expect(Math.abs(report.low - low)).toBeLessThan(0.15 * (high - low));
    expect(Math.abs(report.high - high)).toBeLessThan(0.15 * (high - low));
  }
});

test('one class leaves what needs two undefined, and the rest defined', () => {
  const report = evaluateCounts(Float64Array.of(0.2, 0.7), Int32Array.of(5, 0, 3, 0), options);
  expect(report.roc_auc).toMatchObject({ value: Number.NaN, low: Number.NaN });
  expect(report.accuracy.value).toBe(0.625);
});

test('estimateMetrics() tells from calibrated scores alone about what the labels say', () => {
  const rows = Int32Array.from(grouped.scores, (_, group) => cells[2 * group]! + cells[2 * group + 1]!);
  const estimated = estimateMetrics({ scores: grouped.scores, rows }, fitBinnedCalibration(scores, labels), options);
  const observed = evaluateCounts(grouped.scores, cells, options);
  for (const name of ['roc_auc', 'average_precision', 'accuracy', 'f1', 'log_loss', 'brier'] as const) {
    const { low, high, value } = estimated[name];
    // Wider than the interval, as several metrics look at one draw of labels.
    expect(Math.abs(observed[name].value - value)).toBeLessThan(high - low);
  }
});
