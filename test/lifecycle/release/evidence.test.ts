import { scoreShadow } from '../../../lifecycle/release/shadow.ts';
import { type EvidenceWorld, gateOf, hourMs, since, startEvidenceWorld, until, worse } from './evidence-world.ts';

let world: EvidenceWorld;
beforeAll(async () => {
  world = await startEvidenceWorld();
});
afterAll(() => world.stop());

const clock = { now: () => until, real: (ms: number) => ms };

test('counts what each variant answered since the step began', async () => {
  const step = await world.beginStep();
  await world.logRequests(step, 100, row => ({ probability: row / 100, scoringMs: row % 4 < 2 ? row / 10 : null }));
  // Routed before, to another challenger, or by its caller.
  await world.logRequests(step, 10, () => ({ entry: 6 }));
  await world.logRequests(step, 10, () => ({ version: 9, variant: 'challenger-2' }));
  await world.logRequests(step, 10, () => ({ version: 1, variant: 'pinned', entry: 0 }));
  const { champion, challenger, since: begun } = await world.gather(step);
  expect(begun).toBe(since.toISOString());
  expect(champion).toMatchObject({ version: 1, requests: 50, errors: 0, unusable: 0, latency: { calls: 25 } });
  expect(challenger).toMatchObject({
    version: 2,
    requests: 50,
    scores: { lowest: 0.01, highest: 0.99, distinctRows: 40 },
  });
  expect(challenger.latency!.p95Ms).toBeGreaterThan(9);
});

test('counts a failure for the variant that failed, though the champion answered', async () => {
  const step = await world.beginStep();
  await world.logRequests(step, 40, row => {
    if (row % 2 === 0) return {};
    const reason = row % 4 === 1 ? ('error' as const) : ('unusable score' as const);
    return { version: 1, variant: 'champion', failed: { variant: 'challenger', version: 2, reason } };
  });
  const { champion, challenger } = await world.gather(step);
  expect(champion).toMatchObject({ requests: 20, errors: 0, unusable: 0 });
  expect(challenger).toMatchObject({ requests: 20, errors: 10, unusable: 10, scores: null, latency: null });
});

test('counts what a shadow scored, which answered nobody', async () => {
  const step = await world.beginStep({ share: 0 });
  const logged = await world.logRequests(step, 60, () => ({ version: 1, variant: 'champion' }));
  await scoreShadow({ ...world.services, clock }, step.useCase, { shadow: step.shadow, since, until });
  const { champion, challenger, difference } = await world.gather(step);
  expect(champion).toMatchObject({ requests: 60 });
  expect(challenger).toMatchObject({
    version: 2,
    requests: 60,
    errors: 0,
    latency: null,
    scores: { distinctRows: 50 },
  });
  expect(difference).toMatchObject({ rows: logged.length, outside: 0, meanDifference: 0 });
});

test('lets both versions score the same rows, and holds their difference against the gate', async () => {
  const alike = await world.beginStep();
  await world.logRequests(alike, 100);
  await expect(world.gather(alike)).resolves.toMatchObject({
    difference: { rows: 100, outside: 0, accepted: [-0.060000000000000005, 0.060000000000000005] },
  });
  const unlike = await world.beginStep({ challenger: worse });
  await world.logRequests(unlike, 100);
  const { difference } = await world.gather(unlike);
  expect(difference!.rows).toBe(100);
  expect(difference!.outside).toBeGreaterThan(90);
});

test('knows no difference where the gate compared with another champion, and where there is no row', async () => {
  const step = await world.beginStep();
  await expect(world.gather(step)).resolves.toMatchObject({ difference: null, quality: null });
  await world.logRequests(step, 10);
  await expect(world.gather(step, { gate: gateOf(5) })).resolves.toMatchObject({ difference: null });
});

test('compares the quality of both on the outcomes that matured since they were made', async () => {
  const step = await world.beginStep({ challenger: worse });
  const logged = await world.logRequests(step, 600);
  await world.tellOutcomes(step, logged, row => (Number(logged[row]!.features.age) > 50 ? 1 : 0));
  const { quality } = await world.gather(step);
  expect(quality).toMatchObject({ outcomes: 600 });
  expect(quality!.championBrier).toBeLessThan(0.1);
  expect(quality!.challengerBrier).toBeGreaterThan(0.4);
  expect(quality!.improvement!.high).toBeLessThan(-0.3);
  const early = await world.gather(step, { until: new Date('2026-03-10T11:30:00.000Z') });
  expect(early.quality).toBeNull();
});

test('takes an outcome that never came for a negative one where the use case says so', async () => {
  const step = await world.beginStep();
  const useCase = { ...step.useCase, label: { ...step.useCase.label, absentMeans: 'negative' as const } };
  await world.logRequests(step, 300);
  await expect(world.gather(step)).resolves.toMatchObject({ quality: null });
  const { quality } = await world.gather({ ...step, useCase });
  expect(quality).toMatchObject({ outcomes: 300, positives: 0, improvement: null });
});

test('counts a unit of an A/B test once, by its first request', async () => {
  const step = await world.beginStep();
  const first = await world.logRequests(step, 400, row => ({ decision: row % 2 === 1 }));
  await world.logRequests(step, 400, row => ({
    at: new Date(since.getTime() + 2 * hourMs + row).toISOString(),
    decision: false,
  }));
  await world.tellOutcomes(step, first, row => (row % 8 < 4 ? 1 : 0));
  const { experiment } = await world.gather(step, { isExperiment: true });
  expect(experiment).toMatchObject({
    units: { champion: 200, challenger: 200 },
    matured: { champion: 200, challenger: 200 },
    sampleRatio: { isMismatch: false },
  });
  expect(experiment!.meanValue.champion).toBeCloseTo(-1, 9);
  expect(experiment!.meanValue.challenger).toBeCloseTo(2, 9);
  expect(experiment!.difference!.estimate).toBeCloseTo(3, 9);
});

test('a step that routes nothing to its version cannot be looked at', async () => {
  const step = await world.beginStep();
  const began = { ...step.began, version: 3 };
  await expect(world.gather({ ...step, began })).rejects.toThrow('ledger entry 7 routes nothing to version 3');
});
