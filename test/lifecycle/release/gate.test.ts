import { type GateEvidence, judge } from '../../../lifecycle/release/gate.ts';

const sound: GateEvidence = {
  smoke: { goldenRows: 8, unusable: 0, largestDifference: 1e-7 },
  cost: { latencyMs: 2, maxLatencyMs: 100, modelBytes: 30_000, maxModelBytes: 50e6 },
  holdout: { rows: 9_000, positives: 1_000 },
  baseRate: { share: 0.11, logLoss: 0.36, candidateLogLoss: 0.31, improvementLowerEnd: 0.04, outOfFoldLowerEnd: 0.05 },
  champion: {
    version: 3,
    rocAuc: 0.78,
    candidateRocAuc: 0.781,
    differenceLowerEnd: -0.001,
    margin: 0.005,
    scoreDifference: { rows: 1_000, mean: 0.01, low: -0.1, high: 0.1, championSpread: 0.2 },
    groups: [],
    groupMargin: 0.02,
  },
};

function failures(changes: Partial<GateEvidence>): string[] {
  const { checks } = judge({ ...sound, ...changes });
  return checks.filter(({ passed }) => !passed).map(({ name }) => name);
}

test('a version that passes every check may be released, with every figure in the reason', () => {
  const { decision, reason, checks } = judge(sound);
  expect(decision).toBe('passed');
  expect(checks.map(({ name, passed }) => [name, passed])).toEqual([
    ['smoke test', true],
    ['latency', true],
    ['model size', true],
    ['enough holdout rows', true],
    ['better than the base rate', true],
    ['no worse than the champion', true],
    ['no worse on any group', true],
  ]);
  for (const figure of ['9000 holdout rows', '0.31', '0.36', '0.781', '0.78', 'v3']) expect(reason).toContain(figure);
});

test('the first version needs no champion', () => {
  expect(judge({ ...sound, champion: null }).decision).toBe('passed');
});

test.each([-0.005, -0.004_999, 0, 0.2])('a difference of %d at least is no worse by a margin of .005', difference => {
  expect(failures({ champion: { ...sound.champion!, differenceLowerEnd: difference } })).toEqual([]);
});

test.each([-0.005_001, -1, Number.NaN])('a difference of %d at least is worse by a margin of .005', difference => {
  expect(failures({ champion: { ...sound.champion!, differenceLowerEnd: difference } })).toEqual([
    'no worse than the champion',
  ]);
});

test.each([0, -0.01, Number.NaN])('an improvement of %d at least on the base rate is none', improvement => {
  expect(failures({ baseRate: { ...sound.baseRate!, improvementLowerEnd: improvement } })).toEqual([
    'better than the base rate',
  ]);
});

test('a model that only seems better on the holdout, as one of shuffled labels may, is not', () => {
  expect(failures({ baseRate: { ...sound.baseRate!, outOfFoldLowerEnd: -0.000_1 } })).toEqual([
    'better than the base rate',
  ]);
});

test.each([
  { rows: 199, positives: 100 },
  { rows: 5_000, positives: 19 },
  { rows: 5_000, positives: 4_981 },
  { rows: 0, positives: 0 },
])('a holdout of $rows rows with $positives positives is insufficient data', holdout => {
  const { decision, reason } = judge({ ...sound, holdout, baseRate: null, champion: null });
  expect(decision).toBe('rejected');
  expect(reason).toContain('insufficient data');
});

test.each([
  { goldenRows: 8, unusable: 1, largestDifference: null },
  { goldenRows: 8, unusable: 0, largestDifference: 1.1e-5 },
  { goldenRows: 0, unusable: 0, largestDifference: 0 },
])('answers of $unusable unusable and $goldenRows golden rows off by $largestDifference fail the smoke test', smoke => {
  expect(failures({ smoke, baseRate: null, champion: null })).toEqual(['smoke test']);
});

test('only the failed checks are the reason of a rejection', () => {
  const { reason } = judge({ ...sound, baseRate: { ...sound.baseRate!, improvementLowerEnd: -0.1 } });
  expect(reason).toMatch(/^log loss 0\.31 is not reliably better than the base rate's 0\.36/);
  expect(reason).not.toContain('holdout');
});

test.each([
  ['slow', { latencyMs: 100.1 }, 'latency'],
  ['timed on nothing', { latencyMs: null }, 'latency'],
  ['large', { modelBytes: 50_000_001 }, 'model size'],
])('a model that is %s is rejected', (_, cost, name) => {
  expect(failures({ cost: { ...sound.cost, ...cost } })).toEqual([name]);
});

describe('groups', () => {
  const group = { feature: 'job', level: 'student', rows: 300, positives: 40 };
  const withUpperEnd = (differenceUpperEnd: number) => ({
    ...group,
    comparison: { rocAuc: 0.7, candidateRocAuc: 0.6, differenceUpperEnd },
  });

  test('one on which the version is surely worse than the margin rejects it', () => {
    const champion = { ...sound.champion!, groups: [withUpperEnd(-0.021)] };
    expect(failures({ champion })).toEqual(['no worse on any group']);
    expect(judge({ ...sound, champion }).reason).toContain('job = student');
  });

  test('one on which it may be worse by chance does not', () => {
    expect(failures({ champion: { ...sound.champion!, groups: [withUpperEnd(-0.019)] } })).toEqual([]);
  });

  test('one with few rows carries no verdict, and the reason says so', () => {
    const champion = { ...sound.champion!, groups: [{ ...group, comparison: null }] };
    expect(failures({ champion })).toEqual([]);
    expect(judge({ ...sound, champion }).reason).toContain('insufficient data on 1');
  });
});
