import { randomUUID } from 'node:crypto';
import type { LoggedPrediction } from '../../../contracts/http.ts';
import { createOutcome } from '../../../lifecycle/outcomes/outcome.ts';
import { logOutcomes } from '../../../lifecycle/outcomes/outcome-log.ts';
import { logPredictions } from '../../../lifecycle/predictions/prediction-log.ts';
import { claimVersion } from '../../../lifecycle/registry/versions.ts';
import { type EvidenceServices, gatherEvidence } from '../../../lifecycle/release/evidence.ts';
import type { GateEvidence } from '../../../lifecycle/release/gate.ts';
import type { LedgerEntry, Routing } from '../../../lifecycle/release/ledger.ts';
import { scoreShadow } from '../../../lifecycle/release/shadow.ts';
import { connectObjects } from '../../../platform/objects.ts';
import { connectTable } from '../../../platform/table.ts';
import { defineUseCase } from '../../../use-cases/define-use-case.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { loans } from '../inference/loans.ts';
import { storeModel } from '../inference/publish-model.ts';
import type { SmallModel } from '../inference/small-model.ts';
import { examplePrediction } from '../predictions/example-prediction.ts';
import { exampleVersion } from '../registry/example-version.ts';

let embedded: EmbeddedServices;
let services: EvidenceServices;

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  services = {
    registry: connectTable('registry'),
    objects: connectObjects(embedded.bucket),
    predictions: connectTable('predictions'),
  };
});
afterAll(() => embedded.stop());

const since = new Date('2026-03-10T10:00:00.000Z');
const until = new Date('2026-03-10T13:00:00.000Z');
const hourMs = 3_600_000;
/** Both versions were made before the step. */
const createdAt = '2026-03-10T09:00:00.000Z';
/** The mean value of a positive decision is 2 and of a negative one −1 where every other label is positive. */
const profit = { truePositive: 5, falsePositive: -1, trueNegative: 0, falseNegative: -2 };
const decision = { currency: 'EUR', profit };
const better: SmallModel = { numbers: { age: 0.1 }, intercept: -5 };
const worse: SmallModel = { numbers: { age: -0.1 }, intercept: 5 };

/** A use case of its own, an hour of label delay, with a step that began: champion v1 and, as a variant or as a shadow, v2. */
async function beginStep(models: { champion?: SmallModel; challenger?: SmallModel; share?: number } = {}) {
  const { champion = better, challenger = better, share = 0.5 } = models;
  const id = `loans-${randomUUID().replaceAll(/[^a-z]/g, '')}`;
  const useCase = defineUseCase({ ...loans, id, label: { ...loans.label, delayDays: 1 / 24 }, decision });
  const route = async (model: SmallModel) => {
    const modelSha256 = await storeModel(services.objects, useCase.id, model);
    const claim = exampleVersion({ useCase: useCase.id, runId: randomUUID(), modelSha256, createdAt });
    const { version } = await claimVersion(services.registry, claim);
    return { version, modelSha256, threshold: 0.5 };
  };
  const [one, two] = [await route(champion), await route(challenger)];
  const routing: Routing = {
    salt: 'salt',
    variants: [
      { ...one, name: 'champion', share: 1 - share },
      ...(share > 0 ? [{ ...two, name: 'challenger', share }] : []),
    ],
    shadow: share === 0 ? two : null,
    aliases: {},
  };
  const began = { entry: 7, at: since.toISOString(), version: 2, routing } as LedgerEntry;
  return { useCase, began, routing, shadow: two };
}

type Step = Awaited<ReturnType<typeof beginStep>>;

/** Logs predictions an hour into the step, each changed by its number; odd ones are the challenger's. */
async function logRequests(
  { useCase }: Step,
  count: number,
  change: (row: number) => Partial<LoggedPrediction> = () => ({}),
): Promise<LoggedPrediction[]> {
  const predictions = Array.from({ length: count }, (_, row) => {
    const at = new Date(since.getTime() + hourMs + row).toISOString();
    const arm = row % 2 === 0 ? { version: 1, variant: 'champion' } : { version: 2, variant: 'challenger' };
    const features = { age: 18 + (row % 80) };
    return examplePrediction({
      at,
      useCase: useCase.id,
      entry: 7,
      features,
      entityId: `c-${row}`,
      ...arm,
      ...change(row),
    });
  });
  await logPredictions(services.predictions, predictions, { deadlineMs: 30_000 });
  return predictions;
}

async function tellOutcomes(
  { useCase }: Step,
  predictions: readonly LoggedPrediction[],
  label: (row: number) => 0 | 1,
) {
  const outcomes = predictions.map(({ predictionId }, row) =>
    createOutcome({
      ...{ useCase: useCase.id, predictionId, observationId: null, label: label(row), by: 'key' },
      ...{ observedAt: '2026-03-10T12:00:00.000Z', receivedAt: '2026-03-10T12:30:00.000Z' },
    }),
  );
  await logOutcomes(services.predictions, outcomes);
}

function gateOf(champion = 1): GateEvidence {
  const scoreDifference = { rows: 1_000, mean: 0, low: -0.05, high: 0.05, championSpread: 0.1 };
  return { champion: { version: champion, scoreDifference } } as GateEvidence;
}

function gather({ useCase, began }: Step, changes: Partial<Parameters<typeof gatherEvidence>[2]> = {}) {
  return gatherEvidence(services, useCase, { began, until, gate: gateOf(), isExperiment: false, ...changes });
}

test('counts what each variant answered since the step began', async () => {
  const step = await beginStep();
  await logRequests(step, 100, row => ({ probability: row / 100, scoringMs: row % 4 < 2 ? row / 10 : null }));
  // Routed before, to another challenger, or by its caller.
  await logRequests(step, 10, () => ({ entry: 6 }));
  await logRequests(step, 10, () => ({ version: 9, variant: 'challenger-2' }));
  await logRequests(step, 10, () => ({ version: 1, variant: 'pinned', entry: 0 }));
  const { champion, challenger, since: begun } = await gather(step);
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
  const step = await beginStep();
  await logRequests(step, 40, row => {
    if (row % 2 === 0) return {};
    const reason = row % 4 === 1 ? ('error' as const) : ('unusable score' as const);
    return { version: 1, variant: 'champion', failed: { variant: 'challenger', version: 2, reason } };
  });
  const { champion, challenger } = await gather(step);
  expect(champion).toMatchObject({ requests: 20, errors: 0, unusable: 0 });
  expect(challenger).toMatchObject({ requests: 20, errors: 10, unusable: 10, scores: null, latency: null });
});

test('counts what a shadow scored, which answered nobody', async () => {
  const step = await beginStep({ share: 0 });
  const logged = await logRequests(step, 60, () => ({ version: 1, variant: 'champion' }));
  await scoreShadow(services, step.useCase, { shadow: step.shadow, since, until });
  const { champion, challenger, difference } = await gather(step);
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
  const alike = await beginStep();
  await logRequests(alike, 100);
  await expect(gather(alike)).resolves.toMatchObject({
    difference: { rows: 100, outside: 0, accepted: [-0.060000000000000005, 0.060000000000000005] },
  });
  const unlike = await beginStep({ challenger: worse });
  await logRequests(unlike, 100);
  const { difference } = await gather(unlike);
  expect(difference!.rows).toBe(100);
  expect(difference!.outside).toBeGreaterThan(90);
});

test('knows no difference where the gate compared with another champion, and where there is no row', async () => {
  const step = await beginStep();
  await expect(gather(step)).resolves.toMatchObject({ difference: null, quality: null });
  await logRequests(step, 10);
  await expect(gather(step, { gate: gateOf(5) })).resolves.toMatchObject({ difference: null });
});

test('compares the quality of both on the outcomes that matured since they were made', async () => {
  const step = await beginStep({ challenger: worse });
  const logged = await logRequests(step, 600);
  await tellOutcomes(step, logged, row => (Number(logged[row]!.features.age) > 50 ? 1 : 0));
  const { quality } = await gather(step);
  expect(quality).toMatchObject({ outcomes: 600 });
  expect(quality!.championBrier).toBeLessThan(0.1);
  expect(quality!.challengerBrier).toBeGreaterThan(0.4);
  expect(quality!.improvement!.high).toBeLessThan(-0.3);
  const early = await gather(step, { until: new Date('2026-03-10T11:30:00.000Z') });
  expect(early.quality).toBeNull();
});

test('takes an outcome that never came for a negative one where the use case says so', async () => {
  const step = await beginStep();
  const useCase = { ...step.useCase, label: { ...step.useCase.label, absentMeans: 'negative' as const } };
  await logRequests(step, 300);
  await expect(gather(step)).resolves.toMatchObject({ quality: null });
  const { quality } = await gather({ ...step, useCase });
  expect(quality).toMatchObject({ outcomes: 300, positives: 0, improvement: null });
});

test('counts a unit of an A/B test once, by its first request', async () => {
  const step = await beginStep();
  const first = await logRequests(step, 400, row => ({ decision: row % 2 === 1 }));
  await logRequests(step, 400, row => ({
    at: new Date(since.getTime() + 2 * hourMs + row).toISOString(),
    decision: false,
  }));
  await tellOutcomes(step, first, row => (row % 8 < 4 ? 1 : 0));
  const { experiment } = await gather(step, { isExperiment: true });
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
  const step = await beginStep();
  const began = { ...step.began, version: 3 };
  await expect(gather({ ...step, began })).rejects.toThrow('ledger entry 7 routes nothing to version 3');
});
