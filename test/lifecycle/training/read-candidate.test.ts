import { describeParameters, describeResampling, readCandidate } from '../../../lifecycle/training/read-candidate.ts';

test('a candidate has every parameter, given or by default', () => {
  expect(readCandidate('logistic-regression', { C: 0.1 })).toMatchObject({
    algorithm: 'logistic-regression',
    C: 0.1,
    tolerance: 1e-9,
  });
});

test('an algorithm that does not exist is refused with those that do', () => {
  expect(() => readCandidate('Logistic', {})).toThrow(
    /^Cannot train by "Logistic": expected logistic-regression, gradient-boosting/,
  );
  expect(() => readCandidate('toString', {})).toThrow('Cannot train by "toString"');
});

test('parameters of another algorithm are refused', () => {
  expect(() => readCandidate('logistic-regression', { trees: 5 })).toThrow(
    'trees is no parameter of logistic regression',
  );
});

test('every parameter is described by its default and what it accepts', () => {
  const described = describeParameters();

  expect(described).toContainEqual({
    of: 'gradient-boosting',
    name: 'trees',
    default: expect.any(String),
    accepted: 'an integer in [1, 10000]',
  });
  expect(described).toContainEqual(
    expect.objectContaining({ of: 'logistic-regression', name: 'classWeight', default: undefined }),
  );
});

test.each([
  ['learningRate', '0.05, 0.1 with trees'],
  ['growth', '"depth-wise", "leaf-wise" with maxLeaves'],
  ['maxDepth', '4, 6 with trees, 30 with maxLeaves'],
  ['earlyStoppingRounds', '30, 0 with trees'],
  ['lambda', '1'],
])('the default of %s is told with what changes it', (name, words) => {
  const described = describeParameters().find(
    parameter => parameter.of === 'gradient-boosting' && parameter.name === name,
  );
  expect(described!.default).toBe(words);
});

test('a resampling belongs to the candidate, and its parameters are described too', () => {
  expect(readCandidate('logistic-regression', { resampling: { method: 'undersample' } }).resampling).toEqual({
    method: 'undersample',
    ratio: 1,
  });
  expect(describeResampling()).toContainEqual({
    ...{ of: 'smote', name: 'k', default: '5' },
    accepted: 'an integer in [1, 1000]',
  });
});
