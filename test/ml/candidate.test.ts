import { algorithms, completeCandidate } from '../../ml/candidate.ts';
import { InvalidParametersError } from '../../ml/parameters.ts';

test.each(algorithms)('every parameter of %s that is left out gets its default', algorithm => {
  const candidate = completeCandidate(algorithm, {});

  expect(candidate.algorithm).toBe(algorithm);
  // What was completed once is complete.
  expect(completeCandidate(algorithm, candidate)).toEqual(candidate);
});

test('given parameters stand, and what follows from them follows', () => {
  expect(completeCandidate('gradient-boosting', { maxDepth: 3, trees: 7 })).toMatchObject({
    algorithm: 'gradient-boosting',
    trees: 7,
    maxDepth: 3,
    maxLeaves: 8,
  });
});

test('all unknown parameters and all out of range are named together, with what is accepted', () => {
  const given = { trees: 0, depth: 4, learningRate: '0.1', maxBins: null };
  const complete = () => completeCandidate('gradient-boosting', given);

  expect(complete).toThrow(InvalidParametersError);
  expect(complete).toThrow('depth is no parameter of gradient boosting, expected trees, ');
  expect(complete).toThrow('trees is 0, expected an integer in [1, 10000]');
  expect(complete).toThrow('learningRate is "0.1", expected a number above 0, at most 1');
  expect(complete).toThrow('maxBins is null, expected an integer in [2, 255]');
});
