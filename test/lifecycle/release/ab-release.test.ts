import { createPredictor } from '../../../lifecycle/inference/predict.ts';
import { createOutcome } from '../../../lifecycle/outcomes/outcome.ts';
import { logOutcomes } from '../../../lifecycle/outcomes/outcome-log.ts';
import { claimVersion } from '../../../lifecycle/registry/versions.ts';
import { advanceRelease } from '../../../lifecycle/release/advance-release.ts';
import { judgeRelease } from '../../../lifecycle/release/examine-release.ts';
import { appendEntry, nextEntry, readLatestEntry, readLedger } from '../../../lifecycle/release/ledger.ts';
import { readRelease } from '../../../lifecycle/release/releases.ts';
import { replayAssignments } from '../../../lifecycle/release/replay.ts';
import { startRelease } from '../../../lifecycle/release/request-release.ts';
import { routeAllTo } from '../../../lifecycle/release/routing.ts';
import { connectAthena } from '../../../platform/athena.ts';
import { connectObjects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { fillRelease } from '../../../use-cases/release-policy.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { patientTable } from '../../patient-table.ts';
import { loans } from '../inference/loans.ts';
import { storeModel } from '../inference/publish-model.ts';
import type { SmallModel } from '../inference/small-model.ts';
import { exampleVersion } from '../registry/example-version.ts';
import { createReleaseWorld, type ReleaseWorld } from './release-world.ts';

const useCase = {
  ...loans,
  label: { ...loans.label, delayDays: 1 / 24 },
  decision: { currency: 'EUR', profit: { truePositive: 5, falsePositive: -1, trueNegative: 0, falseNegative: -2 } },
  release: fillRelease({ strategy: 'ab', bakeMinutes: 60, minimumRequests: 100 }),
};
/** Everybody is refused. */
const cautious: SmallModel = { numbers: { age: 0.001 }, intercept: -5 };
/** Those above 50 are not, and it is they who pay back. */
const wise: SmallModel = { numbers: { age: 0.1 }, intercept: -5.05 };

let embedded: EmbeddedServices;
let predictions: Table;
let world: ReleaseWorld;

beforeEach(async () => {
  embedded = await startEmbeddedServices();
  predictions = patientTable(connectTable('predictions'));
  world = createReleaseWorld({ objects: connectObjects(embedded.bucket), registry: connectTable('registry') });
});
afterEach(() => embedded.stop());

async function register(model: SmallModel, runId: string) {
  const modelSha256 = await storeModel(world.objects, useCase.id, model);
  return claimVersion(world.registry, exampleVersion({ modelSha256, runId, threshold: 0.5 }));
}

/** A champion that answers, and a version that passed the gate and whose A/B test begins. */
async function beginTest(champion: SmallModel, candidate: SmallModel) {
  const one = await register(champion, 'run-1');
  const two = await register(candidate, 'run-2');
  const at = world.clock.now().toISOString();
  const decided = { at, by: 'gate', release: null, reason: 'as good' };
  const promoted = nextEntry(undefined, {
    ...{ ...decided, decision: 'promoted', version: 1, evidence: {} },
    routing: routeAllTo(one, null, 'salt'),
  });
  await appendEntry(world.registry, useCase.id, promoted);
  const scoreDifference = { rows: 1_000, mean: 0, low: -1, high: 1, championSpread: 0.1 };
  const evidence = { champion: { version: 1, scoreDifference } };
  await appendEntry(
    world.registry,
    useCase.id,
    nextEntry(promoted, { ...decided, decision: 'passed', version: two.version, evidence }),
  );
  const { release } = await startRelease(world, useCase, { version: two.version, by: 'somebody', requestId: 'r' });
  return release;
}

/** Asks for 400 units, and tells an hour later who paid back. */
async function serveUnits() {
  const fail = (_: string, error: unknown) => {
    throw error;
  };
  const { registry, objects, clock } = world;
  const callbacks = { onRefreshFailed: fail, onVariantFailed: fail, onLogFailed: fail };
  const predictor = createPredictor({ registry, objects, predictions, clock, ...callbacks });
  const units = Array.from({ length: 400 }, (_, unit) => ({ client_id: `c-${unit}`, age: 20 + (unit % 60) }));
  world.pass(1);
  const answers = await predictor.predict(useCase, { instances: units });
  world.pass(61);
  const now = world.clock.now().toISOString();
  const outcomes = answers.map(({ predictionId }, unit) =>
    createOutcome({
      ...{ useCase: useCase.id, predictionId, observationId: null, by: 'key', observedAt: now, receivedAt: now },
      label: units[unit]!.age > 50 ? 1 : 0,
    }),
  );
  await logOutcomes(predictions, outcomes);
  world.pass(1);
}

async function look(release: number, definition = useCase) {
  await judgeRelease({ ...world, predictions, athena: connectAthena(embedded) }, definition, {
    release,
    useCase: useCase.id,
    executionId: 'execution',
  } as never);
  await advanceRelease(world, { useCase: useCase.id, release, by: 'execution' });
  return readRelease(world.registry, useCase.id, release);
}

test('a version that earns more is promoted by its A/B test, and one look before there were outcomes did no harm', async () => {
  const release = await beginTest(cautious, wise);
  const early = await look(release);
  expect(early).toMatchObject({ status: 'running', verdicts: [{ verdict: 'insufficient evidence' }] });
  await serveUnits();
  // A later definition does not change what a test compares that runs.
  const experiment = { value: 'negative label', minimumEffect: 9 } as const;
  const { status, verdicts } = await look(release, { ...useCase, release: { ...useCase.release, experiment } });
  expect(status).toBe('promoted');
  expect(verdicts[0]!.checks.find(({ name }) => name === 'experiment')).toMatchObject({ verdict: 'advance' });
  const latest = (await readLatestEntry(world.registry, useCase.id))!;
  expect(latest.routing!.variants).toMatchObject([{ name: 'champion', version: 2, share: 1 }]);
  const range = { from: new Date('2026-03-02T03:00:00Z'), to: world.clock.now() };
  const replayed = await replayAssignments({ registry: world.registry, predictions }, useCase.id, range);
  expect(replayed).toMatchObject({ predictions: 400, differences: 0 });
});

test('a version that earns less is rolled back by its A/B test', async () => {
  const release = await beginTest(wise, cautious);
  await serveUnits();
  await expect(look(release)).resolves.toMatchObject({ status: 'rolled back' });
  const [ending] = await readLedger(world.registry, useCase.id, 1);
  expect(ending).toMatchObject({
    decision: 'rolled back',
    version: 2,
    routing: { variants: [{ version: 1, share: 1 }] },
  });
  expect(ending!.reason).toMatch(/profit a unit differs by -\d|surely|Brier/);
});
