import { expandCandidates } from '../../../lifecycle/training/expand-candidates.ts';
import type { presets } from '../../../lifecycle/training/presets.ts';
import bankMarketing from '../../../use-cases/bank-marketing.ts';
import cardFraud from '../../../use-cases/card-fraud.ts';
import type { CandidateSpec } from '../../../use-cases/define-use-case.ts';
import offerConversion from '../../../use-cases/offer-conversion.ts';
import telcoChurn from '../../../use-cases/telco-churn.ts';

const shipped = [bankMarketing, cardFraud, offerConversion, telcoChurn];

/** Candidates of each preset by algorithm. */
const expected = {
  quick: { 'logistic-regression': 2, 'gradient-boosting': 1 },
  thorough: { 'logistic-regression': 4, 'gradient-boosting': 12, 'random-forest': 4 },
  r1: { 'gradient-boosting': 4, 'random-forest': 6 },
  r2: { 'logistic-regression': 4, 'gradient-boosting': 18, 'random-forest': 18 },
  r3: { 'logistic-regression': 8, 'gradient-boosting': 36, 'random-forest': 8 },
} as const;

test.each(Object.entries(expected))('%s expands completely', (preset, counts) => {
  const candidates = expandCandidates([preset as keyof typeof presets]);
  const found = Object.groupBy(candidates, ({ algorithm }) => algorithm);
  expect(Object.fromEntries(Object.entries(found).map(([algorithm, { length }]) => [algorithm, length]))).toEqual(
    counts,
  );
});

test.each(shipped)('every candidate of $id can be fitted', ({ training }) => {
  expect(expandCandidates(training.candidates, training).length).toBeGreaterThanOrEqual(3);
});

test('r3 tries each candidate with and without SMOTE', () => {
  const candidates = expandCandidates(['r3']);
  const parts = Object.groupBy(candidates, ({ resampling }) => resampling?.method ?? 'none');
  const alone = (parts.smote ?? []).map(({ resampling, ...candidate }) => candidate);
  expect(alone).toEqual(parts.none);
  expect(new Set(parts.smote!.map(({ resampling }) => JSON.stringify(resampling)))).toEqual(
    new Set(['{"method":"smote","k":3,"percentageOver":400,"percentageUnder":100}']),
  );
});

test("a use case's resampling is that of each candidate that does not say it itself", () => {
  const specs: CandidateSpec[] = [
    { algorithm: 'logistic-regression' },
    { algorithm: 'logistic-regression', resampling: { method: 'oversample' } },
    { algorithm: 'logistic-regression', resampling: undefined },
  ];
  const resamplings = expandCandidates(specs, { resampling: { method: 'undersample' } }).map(
    ({ resampling }) => resampling,
  );
  expect(resamplings).toEqual([{ method: 'undersample', ratio: 1 }, { method: 'oversample', ratio: 1 }, undefined]);
});

test('r3 tries each depth, rate and L1 penalty of boosted trees once', () => {
  const boosted = expandCandidates(['r3'])
    .filter(({ resampling }) => !resampling)
    .filter(candidate => candidate.algorithm === 'gradient-boosting');
  const tried = boosted.map(({ maxDepth, learningRate, alpha }) => `${maxDepth} ${learningRate} ${alpha}`);
  const all = [3, 5, 7].flatMap(depth => [0.01, 0.1].flatMap(rate => [0, 0.1, 1].map(l1 => `${depth} ${rate} ${l1}`)));
  expect(tried.toSorted()).toEqual(all.toSorted());
  expect(new Set(boosted.map(({ trees }) => trees))).toEqual(new Set([100]));
});

test('r2 tries each C with and without balanced classes', () => {
  const logistic = expandCandidates(['r2']).filter(candidate => candidate.algorithm === 'logistic-regression');
  expect(logistic.map(({ C, classWeight }) => [C, classWeight])).toEqual([
    [0.1, undefined],
    [0.1, 'balanced'],
    [1, undefined],
    [1, 'balanced'],
  ]);
});

test('a grid is combined with the parameters beside it, defaults filled in', () => {
  const candidates = expandCandidates([
    { algorithm: 'gradient-boosting', trees: 20, grid: { maxDepth: [2, 3], learningRate: [0.1, 0.2] } },
  ]);
  expect(candidates).toHaveLength(4);
  expect(candidates[1]).toMatchObject({ trees: 20, maxDepth: 2, learningRate: 0.2, maxLeaves: 4, maxBins: 255 });
});

test('a candidate that is named twice is tried once', () => {
  const specs: CandidateSpec[] = [
    'quick',
    { algorithm: 'logistic-regression' },
    { C: 1, algorithm: 'logistic-regression' },
  ];
  expect(expandCandidates(specs)).toEqual(expandCandidates(['quick']));
});

test('a search draws parameters by the seed, for each combination of the grid', () => {
  const spec: CandidateSpec = {
    ...{ algorithm: 'gradient-boosting', trees: 50, grid: { maxDepth: [3, 5] } },
    search: { count: 4, space: { learningRate: { low: 0.01, high: 0.3, scale: 'log' }, minChildWeight: [1, 10, 100] } },
  };
  const candidates = expandCandidates([spec], { seed: 7 }) as { maxDepth: number; learningRate: number }[];
  expect(candidates.map(({ maxDepth }) => maxDepth)).toEqual([3, 3, 3, 3, 5, 5, 5, 5]);
  const rates = candidates.map(({ learningRate }) => learningRate);
  expect(new Set(rates).size).toBe(4);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.01);
  expect(Math.max(...rates)).toBeLessThanOrEqual(0.3);
  expect(expandCandidates([spec], { seed: 7 })).toEqual(candidates);
  expect(expandCandidates([spec], { seed: 8 })).not.toEqual(candidates);
});

test('what a search draws is held to the same ranges', () => {
  const search = { count: 2, space: { learningRate: { low: 2, high: 3 } } };
  expect(() => expandCandidates([{ algorithm: 'gradient-boosting', search }])).toThrow(
    /learningRate is 2\.\d+, expected/,
  );
});

test.each<[string, CandidateSpec, string]>([
  ['parameter', { algorithm: 'logistic-regression', grid: { trees: [1] } }, 'trees is no parameter'],
  ['value', { algorithm: 'gradient-boosting', trees: 0 }, 'trees is 0'],
])('an unknown %s is refused by name', (_, spec, message) => {
  expect(() => expandCandidates([spec])).toThrow(message);
});

test('a grid without a value is refused', () => {
  expect(() => expandCandidates([{ algorithm: 'logistic-regression', grid: { C: [] } }])).toThrow('"C" has no value');
});
