import type { Feature } from '../../use-cases/define-use-case.ts';
import { fillGates, fillRelease, findReleaseProblems } from '../../use-cases/release-policy.ts';

const features: Record<string, Feature> = {
  age: { type: 'number', meaning: '' },
  job: { type: 'category', levels: ['a', 'b'], meaning: '' },
  loan: { type: 'boolean', meaning: '' },
};

test('what a definition leaves out is filled in, and what it says stays', () => {
  expect(fillGates({ groups: ['job'] })).toMatchObject({ groups: ['job'], nonInferiorityMargin: 0.005 });
  expect(fillRelease()).toMatchObject({ strategy: 'canary', steps: ['shadow', 0.05, 0.25], approval: 'none' });
  const policy = fillRelease({ strategy: 'ab', limits: { errorShare: 0.02 } });
  expect(policy).toMatchObject({ strategy: 'ab', limits: { errorShare: 0.02, latencyRatio: 1.5 } });
});

test('the usual policy and groups of categories and booleans have no problem', () => {
  expect(findReleaseProblems({}, features, 30)).toEqual([]);
  expect(findReleaseProblems({ gates: { groups: ['job', 'loan'] } }, features, 30)).toEqual([]);
});

test.each([
  [{ gates: { groups: ['age'] } }, 'group "age"'],
  [{ gates: { groups: ['hobby'] } }, 'group "hobby"'],
  [{ release: { steps: [0.5, 0.25] } }, 'expected growing ones'],
  [{ release: { steps: [0.5, 1] } }, 'expected growing ones'],
  [{ release: { steps: [0.5, 'shadow'] } }, 'other than the first is "shadow"'],
  [{ release: { bakeMinutes: Number.NaN } }, 'expected 0 or more'],
  [{ release: { judgeMinutes: 0 } }, 'expected (0, 720]'],
  [{ release: { judgeMinutes: 721 } }, 'expected (0, 720]'],
  [{ release: { approval: { deadlineHours: 0 } } }, 'expected more than 0'],
  [{ release: { strategy: 'ab' } }, 'an A/B test ends after 73 hours'],
  [{ release: { strategy: 'ab', whenInsufficient: { action: 'roll back', afterHours: 719 } } }, 'outcomes take 720'],
] as const)('%j is a problem', (definition, problem) => {
  expect(findReleaseProblems(definition, features, 30)).toEqual([expect.stringContaining(problem)]);
});

test.each([
  ['waits for as long as it takes', { action: 'hold', afterHours: 0 }],
  ['ends after the first outcomes are final', { action: 'promote', afterHours: 720 }],
] as const)('an A/B test that %s has no problem', (_, whenInsufficient) => {
  expect(findReleaseProblems({ release: { strategy: 'ab', whenInsufficient } }, features, 30)).toEqual([]);
});
