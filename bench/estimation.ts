import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type BinnedCalibration, fitBinnedCalibration } from '../ml/calibration/binned-calibration.ts';
import { countEachRow, groupRows } from '../ml/metrics/class-counts.ts';
import { estimateMetrics } from '../ml/metrics/evaluate-counts.ts';
import { rocAuc } from '../ml/metrics/ranking.ts';
import { createRandom, shuffle } from '../ml/random.ts';
import { readOutOfFoldScores } from './monitoring/bank-rows.ts';

const windowRows = 1_000;

/**
 * Estimates the ROC AUC of windows of the bank marketing data from nothing but the scores, and compares it with what the labels say. Boosted trees score
 * rows that they were not fitted on; what calibrates their scores are the labels of all rows outside the window.
 */
export default async function estimation(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      data: { type: 'string', default: '../shared/data/bank-full.csv' },
      windows: { type: 'string', default: '500' },
    },
  });
  if (!existsSync(values.data)) return { skipped: `there is no ${values.data}: name the data with --data FILE` };
  const { labels, scores } = await readOutOfFoldScores(values.data, { algorithm: 'gradient-boosting' });
  const random = createRandom(2);
  const order = Int32Array.from(labels.keys());
  const windows = Array.from({ length: Number(values.windows) }, (_, window) => {
    shuffle(order, random);
    const [rows, others] = [order.slice(0, windowRows), order.slice(windowRows)];
    const calibration = fitBinnedCalibration(
      take(scores, others),
      Uint8Array.from(others, row => labels[row]!),
    );
    const ofWindow = take(scores, rows);
    const observed = rocAuc(
      Uint8Array.from(rows, row => labels[row]!),
      ofWindow,
    );
    return { observed, estimated: estimate(ofWindow, calibration, window) };
  });
  const errors = windows.map(({ observed, estimated }) => estimated.value - observed);
  const covered = windows.filter(({ observed, estimated: { low, high } }) => observed >= low && observed <= high);
  const widths = windows.map(({ estimated: { low, high } }) => high - low);
  return {
    windows: windows.length,
    rows: windowRows,
    mean_roc_auc: mean(windows.map(({ observed }) => observed)),
    mean_absolute_error: mean(errors.map(Math.abs)),
    bias: mean(errors),
    coverage_of_95_percent_interval: mean([covered.length / windows.length]),
    mean_width: mean(widths),
  };
}

function estimate(scores: Float64Array, calibration: BinnedCalibration, seed: number) {
  const grouped = groupRows(new Uint8Array(scores.length), scores);
  const { cells } = countEachRow(grouped);
  const rows = Int32Array.from(grouped.scores, (_, group) => cells[2 * group]!);
  return estimateMetrics({ scores: grouped.scores, rows }, calibration, { threshold: 0.5, seed }).roc_auc;
}

function take(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, row => values[row]!);
}

/** To five digits. */
function mean(values: readonly number[]): number {
  return Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(5));
}
