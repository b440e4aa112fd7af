import type { FailedRun, Run } from '../../../lifecycle/registry/runs.ts';
import { chooseBest } from '../../../lifecycle/training/choose-best.ts';
import type { Candidate } from '../../../ml/model.ts';
import { exampleRun } from '../registry/example-run.ts';

const logistic: Candidate = { algorithm: 'logistic-regression', C: 1 };
const boosted = (trees: number, maxDepth = 3): Candidate => ({ algorithm: 'gradient-boosting', trees, maxDepth });

/** A run whose folds have these figures. */
function runOf(runId: string, parameters: Candidate, rocAuc: readonly number[], logLoss = 0.2): Run {
  const { foldMetrics } = exampleRun();
  const figure = (folds: readonly number[]) => ({
    mean: folds.reduce((sum, value) => sum + value, 0) / folds.length,
    sd: 0,
    folds,
  });
  return exampleRun({
    ...{ runId, parameters, model: null },
    foldRows: rocAuc.map(() => ({ rows: 500, positives: 56 })),
    foldMetrics: { ...foldMetrics, roc_auc: figure(rocAuc), log_loss: figure(rocAuc.map(() => logLoss)) },
  });
}

test('the best is chosen when nothing simpler comes near', () => {
  const runs = [runOf('a', logistic, [0.7, 0.71, 0.72]), runOf('b', boosted(100), [0.8, 0.81, 0.82])];
  expect(chooseBest(runs, 'roc_auc')).toMatchObject({
    runId: 'b',
    reason: 'gradient-boosting, the best of 2 trials: roc_auc 0.8100 over 3 folds',
    verdicts: [
      { runId: 'a', mean: expect.closeTo(0.71, 9), shortfall: expect.closeTo(0.1, 9) },
      { runId: 'b', shortfall: 0 },
    ],
  });
});

test('a simpler one is chosen within one standard error of the paired differences', () => {
  const runs = [runOf('a', logistic, [0.79, 0.812, 0.818]), runOf('b', boosted(100), [0.8, 0.81, 0.82])];
  expect(chooseBest(runs, 'roc_auc')).toMatchObject({
    runId: 'a',
    reason: expect.stringMatching(
      /^logistic-regression, the simplest within one standard error .* 0\.0033 ± 0\.0035 below$/,
    ),
  });
});

test.each([
  ['fewer trees', boosted(50), boosted(100)],
  ['shallower ones', boosted(100, 3), boosted(100, 6)],
])('of equally good trees, %s are chosen', (_, simple, complex) => {
  const runs = [runOf('complex', complex, [0.8, 0.81]), runOf('simple', simple, [0.8, 0.81])];
  expect(chooseBest(runs, 'roc_auc').runId).toBe('simple');
});

test.each([
  ['ranks no better than chance', runOf('a', logistic, [0.5, 0.49], 0.2)],
  ['ranks well, with probabilities worse than the share of positives', runOf('a', logistic, [0.9, 0.91], 0.5)],
])('one that %s is never chosen', (_, run) => {
  expect(chooseBest([run], 'roc_auc')).toEqual({
    runId: null,
    reason: 'none of 1 trials beats the base rate',
    verdicts: [expect.objectContaining({ status: 'finished', beatsBaseRate: false, shortfall: null })],
  });
});

test('failed ones are no candidates, and on record as such', () => {
  const { foldMetrics, foldRows, threshold, memoryMb, peakMemoryMb, outOfFold, model, ...rest } = exampleRun();
  const failed: FailedRun = { ...rest, runId: 'b', status: 'failed', error: { name: 'E', cause: '' } };
  const choice = chooseBest([runOf('a', logistic, [0.7, 0.71]), failed], 'roc_auc');
  expect(choice.runId).toBe('a');
  expect(choice.verdicts[1]).toMatchObject({ runId: 'b', status: 'failed', mean: null });
});

test('a loss is better when it is lower', () => {
  const runs = [runOf('a', boosted(10), [0.7, 0.7], 0.25), runOf('b', boosted(10), [0.8, 0.8], 0.2)];
  expect(chooseBest(runs, 'log_loss').runId).toBe('b');
});
