import { describeParameters, readCandidate } from '../../../lifecycle/training/read-candidate.ts';

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
    algorithm: 'gradient-boosting',
    name: 'trees',
    default: expect.any(String),
    accepted: 'an integer in [1, 10000]',
  });
  expect(described).toContainEqual(
    expect.objectContaining({ algorithm: 'logistic-regression', name: 'classWeight', default: undefined }),
  );
});
