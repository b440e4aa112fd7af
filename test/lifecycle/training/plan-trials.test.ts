import { estimateCost } from '../../../lifecycle/training/estimate-cost.ts';
import { planTrials } from '../../../lifecycle/training/plan-trials.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { loans } from '../inference/loans.ts';

const options = { contentHash: 'content', rows: 10_000, codeSha256: 'code' };

function withTraining(changes: Partial<UseCase['training']>): UseCase {
  return { ...loans, training: { ...loans.training, ...changes } };
}

test('the same candidate on the same rows by the same code is the same run', () => {
  const [trial, ...others] = planTrials(loans, options);
  expect(others).toEqual([]);
  expect(trial).toMatchObject({
    runId: expect.stringMatching(/^[0-9a-f]{64}$/),
    parameters: { algorithm: 'logistic-regression', C: 1, maxIter: 1_000 },
    seed: 1,
  });
  const reordered = withTraining({ candidates: [{ maxIter: 1_000, C: 1, algorithm: 'logistic-regression' }] });
  expect(planTrials(reordered, options)[0]!.runId).toBe(trial!.runId);
});

test.each([
  ['rows', loans, { ...options, contentHash: 'other' }],
  ['code', loans, { ...options, codeSha256: 'other' }],
  ['seed', withTraining({ seed: 2 }), options],
  ['parameters', withTraining({ candidates: [{ algorithm: 'logistic-regression', C: 2 }] }), options],
])('other %s are another run', (_, useCase, options_) => {
  expect(planTrials(useCase, options_)[0]!.runId).not.toBe(planTrials(loans, options)[0]!.runId);
});

test('every candidate of a preset is a trial of its own', () => {
  const runIds = planTrials(withTraining({ candidates: ['r3'] }), options).map(({ runId }) => runId);
  expect(runIds).toHaveLength(52);
  expect(new Set(runIds).size).toBe(runIds.length);
});

test('cost grows with rows, features, trees and folds', () => {
  const few = { algorithm: 'gradient-boosting', trees: 50, maxDepth: 6 } as const;
  const many = { ...few, trees: 100 };
  const size = { rows: 10_000, features: 10 };
  const { seconds } = estimateCost(few, size, 5);
  expect(estimateCost(many, size, 5).seconds).toBeCloseTo(2 * seconds, 9);
  expect(estimateCost(few, { ...size, rows: 20_000 }, 5).seconds).toBeCloseTo(2 * seconds, 9);
  expect(estimateCost(few, { ...size, features: 20 }, 5).seconds).toBeCloseTo(2 * seconds, 9);
  expect(estimateCost(few, size, 10).seconds).toBeCloseTo(2 * seconds, 9);
  expect(estimateCost({ ...few, resampling: { method: 'smote' } }, size, 5).seconds).toBeGreaterThan(2 * seconds);
});

test('what a candidate chooses by itself costs too', () => {
  const size = { rows: 10_000, features: 10 };
  const given = estimateCost({ algorithm: 'logistic-regression', C: 1 }, size, 5).seconds;
  expect(estimateCost({ algorithm: 'logistic-regression', C: 'auto' }, size, 5).seconds).toBeGreaterThan(10 * given);
});

test('what the standard function cannot hold, or not in time, goes to the large one', () => {
  const sizes = (rows: number) =>
    planTrials(withTraining({ candidates: ['thorough'], folds: 5 }), { ...options, rows }).map(({ size }) => size);
  expect(new Set(sizes(50_000))).toEqual(new Set(['standard']));
  expect(new Set(sizes(3_000_000))).toEqual(new Set(['large']));
});
