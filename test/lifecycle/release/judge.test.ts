import { judgeStep, judgeUnreadable } from '../../../lifecycle/release/judge.ts';
import type { StepEvidence, VariantEvidence } from '../../../lifecycle/release/step-evidence.ts';
import { usualStepLimits } from '../../../use-cases/step-limits.ts';

const limits = { ...usualStepLimits, minimumRequests: 200 };

const variant: VariantEvidence = {
  version: 3,
  requests: 1_000,
  errors: 0,
  unusable: 0,
  scores: { lowest: 0.01, highest: 0.9, distinctRows: 50 },
  latency: { calls: 1_000, p95Ms: 2 },
};

const sound: StepEvidence = {
  since: '2026-03-01T00:00:00.000Z',
  until: '2026-03-01T01:00:00.000Z',
  champion: variant,
  challenger: { ...variant, version: 4 },
  difference: { rows: 1_000, outside: 12, accepted: [-0.1, 0.1], meanDifference: 0.01 },
  quality: {
    outcomes: 400,
    positives: 50,
    championBrier: 0.08,
    challengerBrier: 0.081,
    improvement: { low: -0.004, high: 0.002 },
  },
  experiment: null,
};

const experiment: NonNullable<StepEvidence['experiment']> = {
  policy: { value: 'profit', minimumEffect: 0.1 },
  units: { champion: 1_000, challenger: 1_010 },
  matured: { champion: 800, challenger: 810 },
  meanValue: { champion: 1.2, challenger: 1.4 },
  sampleRatio: { odds: 0.1, isMismatch: false },
  difference: { estimate: 0.2, low: -0.1, high: 0.5 },
  power: { units: 4_000, missing: 2_390, days: 12.5 },
};

/** The verdict, and which checks demand it. */
function judge(changes: Partial<StepEvidence>, changedLimits: Partial<typeof limits> = {}) {
  const { verdict, checks, reason } = judgeStep({ ...sound, ...changes }, { ...limits, ...changedLimits });
  const decisive = checks.filter(check => check.verdict === verdict).map(({ name }) => name);
  return { verdict, decisive, reason };
}

function challenger(changes: Partial<VariantEvidence>): Partial<StepEvidence> {
  return { challenger: { ...sound.challenger, ...changes } };
}

test('a version that shows nothing bad goes on, with every figure told', () => {
  const { verdict, reason, checks } = judgeStep(sound, limits);
  expect(verdict).toBe('advance');
  expect(checks).toHaveLength(6);
  for (const figure of ['1000 rows', '0.01 to 0.9', '0 errors', 'within 2 ms', '12 of 1000', '0.081', '400 outcomes']) {
    expect(reason).toContain(figure);
  }
});

test('too few requests are no evidence', () => {
  expect(judge(challenger({ requests: 199 }))).toMatchObject({
    verdict: 'insufficient evidence',
    decisive: ['requests'],
    reason: '199 rows scored, needed are 200',
  });
});

describe('a version is rolled back, however few its requests,', () => {
  test.each<[string, Partial<VariantEvidence>, string, string]>([
    [
      'that answers what is no probability',
      { requests: 1, unusable: 1, scores: null },
      'usable scores',
      '1 of 1 scores are no probability',
    ],
    [
      'that answers the same to different rows',
      { requests: 60, scores: { lowest: 0.5, highest: 0.5, distinctRows: 50 } },
      'usable scores',
      'every score is 0.5',
    ],
    [
      'that throws',
      { requests: 3, errors: 3, scores: null, latency: null },
      'errors',
      '3 errors in 3 rows, accepted are 1 %',
    ],
    ['that throws too often', { requests: 1_000, errors: 40 }, 'errors', '40 errors in 1000 rows, accepted are 1 %'],
    [
      'that is slow',
      { latency: { calls: 200, p95Ms: 23 } },
      'latency',
      "95 % of calls within 23 ms, the champion's within 2 ms, accepted are 22 ms",
    ],
  ])('%s', (_, changes, check, reason) => {
    expect(judge(challenger(changes))).toEqual({ verdict: 'roll back', decisive: [check], reason });
  });

  test('that differs from the champion in a new way', () => {
    const difference = { ...sound.difference!, outside: 200 };
    expect(judge({ difference })).toEqual({
      verdict: 'roll back',
      decisive: ['difference from the champion'],
      reason: "200 of 1000 differences are outside the gate's -0.1 to 0.1, accepted are 5 %",
    });
  });

  test('that foretells surely worse', () => {
    const quality = { ...sound.quality!, improvement: { low: -0.004, high: -0.001 } };
    expect(judge({ quality })).toMatchObject({ verdict: 'roll back', decisive: ['quality'] });
  });
});

test.each<[string, Partial<StepEvidence>, string]>([
  ['errors', challenger({ requests: 1_000, errors: 12 }), 'errors'],
  ['differences', { difference: { ...sound.difference!, outside: 53 } }, 'difference from the champion'],
])('%s above their limit by no more than chance explains hold it', (_, changes, check) => {
  expect(judge(changes)).toMatchObject({ verdict: 'hold', decisive: [check] });
});

test.each<[string, Partial<VariantEvidence>]>([
  ['the same score to the same few rows', { scores: { lowest: 0.5, highest: 0.5, distinctRows: 49 } }],
  ['a time above the ratio alone', { latency: { calls: 1_000, p95Ms: 21 } }],
  ['a time of too few calls', { latency: { calls: 199, p95Ms: 500 } }],
  ['no time of its own, as a shadow,', { latency: null }],
])('%s does not hold it', (_, changes) => {
  expect(judge(challenger(changes)).verdict).toBe('advance');
});

test('a time above the floor alone does not hold it', () => {
  const slow = { calls: 1_000, p95Ms: 300 };
  expect(
    judge({ champion: { ...variant, latency: slow }, ...challenger({ latency: { ...slow, p95Ms: 400 } }) }).verdict,
  ).toBe('advance');
});

test('without rows that both scored there is no going on', () => {
  expect(judge({ difference: null })).toMatchObject({
    verdict: 'insufficient evidence',
    decisive: ['difference from the champion'],
  });
});

test('outcomes are waited for only where the limits ask for them', () => {
  expect(judge({ quality: null }).verdict).toBe('advance');
  expect(judge({ quality: { ...sound.quality!, improvement: null } }).verdict).toBe('advance');
  expect(judge({ quality: null }, { minimumOutcomes: 100 })).toMatchObject({
    verdict: 'insufficient evidence',
    decisive: ['quality'],
    reason: 'not judged: 0 mature outcomes, needed are 100',
  });
  expect(judge({}, { minimumOutcomes: 401 }).verdict).toBe('insufficient evidence');
  expect(judge({}, { minimumOutcomes: 400 }).verdict).toBe('advance');
});

describe('an A/B test', () => {
  const withDifference = (low: number, high: number) => ({
    ...experiment,
    difference: { estimate: (low + high) / 2, low, high },
  });

  test('promotes the version whose interval is above 0', () => {
    const { checks, verdict } = judgeStep({ ...sound, experiment: withDifference(0.01, 0.3) }, limits);
    expect(verdict).toBe('advance');
    expect(checks.at(-1)).toEqual({
      name: 'experiment',
      verdict: 'advance',
      detail: 'profit a unit differs by 0.155 (0.01 to 0.3)',
    });
  });

  test('rolls back the one whose interval is below', () => {
    expect(judge({ experiment: withDifference(-0.3, -0.01) })).toMatchObject({
      verdict: 'roll back',
      decisive: ['experiment'],
    });
  });

  test('goes on while the interval holds 0, and says whether it does harm, and for how long', () => {
    expect(judge({ experiment: withDifference(-0.09, 0.5) })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('(-0.09 to 0.5), a loss of 0.1 is out of the question; 2390 more'),
    });
    expect(judge({ experiment })).toEqual({
      verdict: 'insufficient evidence',
      decisive: ['experiment'],
      reason:
        'profit a unit differs by 0.2 (-0.1 to 0.5), a loss of 0.1 is not out of the question; 2390 more units with outcomes give an 80 % chance of finding a difference of 0.1, in about 12.5 days',
    });
  });

  test('has no evidence before enough units have outcomes', () => {
    expect(judge({ experiment: { ...experiment, difference: null, power: null } })).toEqual({
      verdict: 'insufficient evidence',
      decisive: ['experiment'],
      reason: 'too few units with outcomes to say how many it takes',
    });
  });

  test('is not believed where the units are not spread as they should be', () => {
    const mismatch = { ...withDifference(0.1, 0.3), sampleRatio: { odds: 1e6, isMismatch: true } };
    expect(judge({ experiment: mismatch })).toMatchObject({ verdict: 'roll back', decisive: ['sample ratio'] });
  });
});

describe('a judge that cannot read its evidence rolls back', () => {
  test.each<[string, Partial<StepEvidence>]>([
    ['a time', challenger({ latency: { calls: 500, p95Ms: Number.NaN } })],
    ['a count', challenger({ requests: Number.NaN })],
    ['a difference', { difference: { ...sound.difference!, meanDifference: Number.POSITIVE_INFINITY } }],
    ['an interval', { quality: { ...sound.quality!, improvement: { low: Number.NaN, high: 1 } } }],
  ])('when %s is no number', (_, changes) => {
    expect(judge(changes)).toMatchObject({ verdict: 'roll back', decisive: ['evidence'] });
  });

  test('and when nothing came at all', () => {
    expect(judgeUnreadable(new TypeError('no table'))).toMatchObject({
      verdict: 'roll back',
      reason: 'the evidence cannot be read: TypeError: no table',
    });
  });
});

test('the worst of all findings counts', () => {
  const held = { difference: { ...sound.difference!, outside: 53 } };
  expect(judge({ ...held, ...challenger({ requests: 100 }) }).verdict).toBe('insufficient evidence');
  expect(judge({ ...held, ...challenger({ requests: 100, unusable: 1 }) }).verdict).toBe('roll back');
});
