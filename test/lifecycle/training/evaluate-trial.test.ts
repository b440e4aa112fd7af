import type { Dataset } from '../../../lifecycle/datasets/read-dataset.ts';
import { evaluateTrial } from '../../../lifecycle/training/evaluate-trial.ts';
import { bestThreshold } from '../../../ml/metrics/best-threshold.ts';
import { measureScores } from '../../../ml/metrics/metrics.ts';
import { makeUpRows } from '../../ml/made-up-rows.ts';
import { loans } from '../inference/loans.ts';

const data = makeUpRows(800, 3);
const dataset = { ...data, entityIds: Array.from(data.labels, (_, row) => `client ${row}`) } as unknown as Dataset;

test('the memory of a trial is all that the process holds, what trees are grown in too', () => {
  const trial = { parameters: { algorithm: 'gradient-boosting', trees: 2 }, seed: 1 } as const;
  const { peakMemoryMb } = evaluateTrial(loans, dataset, trial);
  expect(peakMemoryMb).toBeGreaterThan((0.8 * process.memoryUsage.rss()) / 2 ** 20);
});

test('the rows of a fold are decided at the threshold that the other folds choose', () => {
  const trial = { parameters: { algorithm: 'logistic-regression' }, seed: 1 } as const;

  const { outOfFold, foldMetrics, threshold } = evaluateTrial(loans, dataset, trial);

  const { profit } = loans.decision;
  const { labels, scores, foldOfRow } = outOfFold;
  const rowsOf = (fold: number) => {
    const isHeld = (_: number, row: number) => foldOfRow[row] === fold;
    return [labels.filter(isHeld), scores.filter(isHeld)] as const;
  };
  const thresholds = [0, 1].map(fold => bestThreshold(...rowsOf(1 - fold), profit).threshold);
  expect(new Set([...thresholds, threshold]).size).toBe(3);
  expect(threshold).toBe(bestThreshold(labels, scores, profit).threshold);
  for (const name of ['accuracy', 'precision', 'recall', 'f1', 'specificity', 'roc_auc'] as const) {
    const figures = thresholds.map((own, fold) => measureScores(...rowsOf(fold), own)[name]);
    expect(foldMetrics[name].folds).toEqual(figures);
  }
});
