import type { LifecycleRequest } from '../../../contracts/tasks.ts';
import { checkRequest, InvalidLifecycleRequestError } from '../../../lifecycle/datasets/check-request.ts';
import { fillRelease } from '../../../use-cases/release-policy.ts';
import { loans } from '../inference/loans.ts';

const plain = { useCase: 'churn', trigger: 'manual' };

test.each([
  {},
  { window: { mode: 'all' }, newBatch: true, force: false },
  { window: { mode: 'incremental' }, newBatch: 5_000 },
  { window: { mode: 'last', days: 90 }, newBatch: false, force: true },
  { window: null, candidates: 'r3', strategy: 'shadow' },
])('%j may be asked for', more => {
  expect(() => checkRequest({ ...plain, ...more } as LifecycleRequest, loans)).not.toThrow();
});

test.each([
  [{ trigger: undefined }, 'trigger is absent, expected "schedule", "manual", "start" or "monitor"'],
  [{ trigger: 'whim' }, 'trigger is "whim"'],
  [{ window: 'all' }, 'window is "all", expected {"mode":"all"}'],
  [{ window: { mode: 'newest' } }, 'window is {"mode":"newest"}'],
  [{ window: { mode: 'last' } }, 'window is {"mode":"last"}'],
  [{ window: { mode: 'last', days: -3 } }, 'with N from 1 on'],
  [{ newBatch: 0 }, 'newBatch is 0, expected true, false or a whole number from 1 on'],
  [{ candidates: 'toString' }, 'candidates is "toString", expected "quick", "thorough", "r1"'],
  [{ newBatch: 'many' }, 'newBatch is "many"'],
  [{ strategy: 'ab' }, 'strategy is "ab", and an A/B test ends after 73 hours'],
  [
    { force: 'yes', newBatch: 1.5 },
    'newBatch is 1.5, expected true, false or a whole number from 1 on; force is "yes"',
  ],
])('%j may not', (more, message) => {
  const check = () => checkRequest({ ...plain, ...more } as LifecycleRequest, loans);
  expect(check).toThrow(InvalidLifecycleRequestError);
  expect(check).toThrow(message);
});

test('an A/B test may be asked for where outcomes come before its end', () => {
  const release = fillRelease({ bakeMinutes: 30 * 24 * 60 });
  expect(() => checkRequest({ ...plain, strategy: 'ab' } as LifecycleRequest, { ...loans, release })).not.toThrow();
});
