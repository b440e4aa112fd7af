import { planTrial } from '../../../lifecycle/training/plan-trial.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { loans } from '../inference/loans.ts';

const options = { contentHash: 'content', codeSha256: 'code' };

function withTraining(changes: Partial<UseCase['training']>): UseCase {
  return { ...loans, training: { ...loans.training, ...changes } };
}

test('the same candidate on the same rows by the same code is the same run', () => {
  const { runId, parameters, seed } = planTrial(loans, options);
  expect(runId).toMatch(/^[0-9a-f]{64}$/);
  expect({ parameters, seed }).toEqual({
    parameters: { algorithm: 'logistic-regression', C: 1, maxIter: 100 },
    seed: 1,
  });
  const reordered = withTraining({ candidates: [{ maxIter: 100, C: 1, algorithm: 'logistic-regression' }] });
  expect(planTrial(reordered, options).runId).toBe(runId);
});

test.each([
  ['rows', loans, { ...options, contentHash: 'other' }],
  ['code', loans, { ...options, codeSha256: 'other' }],
  ['seed', withTraining({ seed: 2 }), options],
  ['parameters', withTraining({ candidates: [{ algorithm: 'logistic-regression', C: 2 }] }), options],
])('other %s are another run', (_, useCase, options_) => {
  expect(planTrial(useCase, options_).runId).not.toBe(planTrial(loans, options).runId);
});
