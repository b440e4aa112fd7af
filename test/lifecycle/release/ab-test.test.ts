import { describePower, type Exposure, evaluateExperiment, valueOfUnit } from '../../../lifecycle/release/ab-test.ts';
import { createRandom } from '../../../ml/random.ts';
import { requiredUnits } from '../../../ml/sequential/power.ts';
import type { ExperimentPolicy } from '../../../use-cases/step-limits.ts';
import { loans } from '../inference/loans.ts';

const profit = { truePositive: 5, falsePositive: -1, trueNegative: 0, falseNegative: -2 };

function useCaseWith(value: ExperimentPolicy['value'], minimumEffect = 0.5) {
  return {
    ...loans,
    decision: { currency: 'EUR', profit },
    release: { ...loans.release, experiment: { value, minimumEffect } },
  };
}

/** Units whose challenger decides right more often by `lift`; every fifth of `units` has no outcome yet. */
function experiment({
  units,
  lift = 0,
  share = 0.5,
  seed = 1,
}: {
  units: number;
  lift?: number;
  share?: number;
  seed?: number;
}) {
  const random = createRandom(seed);
  const exposures: Exposure[] = [];
  const labels = new Map<string, 0 | 1>();
  for (let unit = 0; unit < units; unit++) {
    const arm = random.uniform() < share ? 'challenger' : 'champion';
    const label = random.uniform() < 0.3 ? 1 : 0;
    const isRight = random.uniform() < 0.6 + (arm === 'challenger' ? lift : 0);
    const predictionId = `p-${unit}`;
    exposures.push({ predictionId, observationId: null, at: '', arm, decision: isRight === (label === 1) });
    if (unit % 5 !== 0) labels.set(predictionId, label);
  }
  return { exposures, labels, shares: { champion: 0.5, challenger: 0.5 }, days: 2 };
}

test.each([
  ['profit', true, 1, 5],
  ['profit', true, 0, -1],
  ['profit', false, 0, 0],
  ['profit', false, 1, -2],
  ['positive label', false, 1, 1],
  ['positive label', true, 0, 0],
  ['negative label', true, 1, 0],
  ['negative label', false, 0, 1],
] as const)('by %s, a decision %s with the label %d is worth %d', (value, decision, label, worth) => {
  expect(valueOfUnit(useCaseWith(value), decision, label)).toBe(worth);
});

test('units without a known outcome count for the sample ratio alone', () => {
  const { units, matured, sampleRatio } = evaluateExperiment({
    useCase: useCaseWith('profit'),
    ...experiment({ units: 1_000 }),
  });
  expect(units.champion + units.challenger).toBe(1_000);
  expect(matured.champion + matured.challenger).toBe(800);
  expect(sampleRatio.isMismatch).toBe(false);
});

test('a challenger that decides better is found so', () => {
  const evidence = evaluateExperiment({ useCase: useCaseWith('profit'), ...experiment({ units: 4_000, lift: 0.2 }) });
  expect(evidence.difference!.low).toBeGreaterThan(0);
  expect(evidence.difference!.estimate).toBeCloseTo(evidence.meanValue.challenger - evidence.meanValue.champion, 12);
});

test('units that do not fit the shares are found', () => {
  const found = evaluateExperiment({ useCase: useCaseWith('profit'), ...experiment({ units: 2_000, share: 0.4 }) });
  expect(found.sampleRatio.isMismatch).toBe(true);
});

test('the hint counts the units that are missing, the days until they come, and the delay of their outcomes', () => {
  const { power, ...evidence } = evaluateExperiment({
    useCase: useCaseWith('profit'),
    ...experiment({ units: 1_000 }),
  });
  const all = power!.units;
  expect(all).toBeGreaterThan(1_000);
  expect(power!.missing).toBe(all - 800);
  expect(power!.days).toBeCloseTo(((all - 1_000) / 1_000) * 2 + loans.label.delayDays, 9);
  expect(describePower({ ...evidence, power })).toMatch(
    /^\d+ more units with outcomes give an 80 % chance of finding a difference of 0\.5, in about [\d.]+ days$/,
  );
  expect(all).toBeGreaterThan(requiredUnits({ effect: 0.5, variancePerUnit: 4 }));
});

test('a test that is large enough misses nothing', () => {
  const evidence = evaluateExperiment({ useCase: useCaseWith('profit', 3), ...experiment({ units: 2_000 }) });
  expect(evidence.power).toMatchObject({ missing: 0, days: 0 });
  expect(describePower(evidence)).toMatch(
    /^\d+ units with outcomes give an 80 % chance of finding a difference of 3, and they are there$/,
  );
});

test('a test that has just begun says nothing', () => {
  const none = { exposures: [], labels: new Map<string, 0 | 1>(), shares: { champion: 0.5, challenger: 0.5 }, days: 0 };
  const evidence = evaluateExperiment({ useCase: useCaseWith('profit'), ...none });
  expect(evidence).toMatchObject({ difference: null, power: null, sampleRatio: { odds: 1, isMismatch: false } });
  expect(describePower(evidence)).toBe('too few units with outcomes to say how many it takes');
});
