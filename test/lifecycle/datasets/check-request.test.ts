import type { LifecycleRequest } from '../../../contracts/tasks.ts';
import { checkRequest, InvalidLifecycleRequestError } from '../../../lifecycle/datasets/check-request.ts';

const plain = { useCase: 'churn', trigger: 'manual' };

test.each([
  {},
  { window: { mode: 'all' }, newBatch: true, force: false },
  { window: { mode: 'incremental' }, newBatch: 5_000 },
  { window: { mode: 'last', days: 90 }, newBatch: false, force: true },
  { window: null, candidates: 'r3' },
])('%j may be asked for', more => {
  expect(() => checkRequest({ ...plain, ...more } as LifecycleRequest)).not.toThrow();
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
  [
    { force: 'yes', newBatch: 1.5 },
    'newBatch is 1.5, expected true, false or a whole number from 1 on; force is "yes"',
  ],
])('%j may not', (more, message) => {
  const check = () => checkRequest({ ...plain, ...more } as LifecycleRequest);
  expect(check).toThrow(InvalidLifecycleRequestError);
  expect(check).toThrow(message);
});
