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

test('a resampling is completed with the candidate, and its mistakes are told with the others', () => {
  const candidate = completeCandidate('logistic-regression', { resampling: { method: 'smote', k: 3 } });
  expect(candidate.resampling).toEqual({ method: 'smote', k: 3, percentageOver: 200, percentageUnder: 100 });
  expect(completeCandidate('logistic-regression', candidate)).toEqual(candidate);
  expect(completeCandidate('logistic-regression', { resampling: undefined })).not.toHaveProperty('resampling');
  expect(completeCandidate('logistic-regression', { resampling: { method: 'oversample' } }).resampling).toEqual({
    method: 'oversample',
    ratio: 1,
  });
  const mistaken = { C: 0, resampling: { method: 'smote', k: 0, over: 5 } };
  expect(() => completeCandidate('logistic-regression', mistaken)).toThrow(
    /C is 0, expected .+; resampling\.over is no parameter of SMOTE, .+; resampling\.k is 0, expected an integer/,
  );
  expect(() => completeCandidate('logistic-regression', { resampling: 'smote' })).toThrow(
    'resampling is "smote", expected {"method": "smote" or "undersample" or "oversample", …}',
  );
});
