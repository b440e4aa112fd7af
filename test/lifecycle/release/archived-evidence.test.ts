import type { LoggedPrediction } from '../../../contracts/http.ts';
import { defineTables } from '../../../lifecycle/datasets/define-tables.ts';
import { isHoldout } from '../../../lifecycle/datasets/holdout.ts';
import { takeWriterLease } from '../../../lifecycle/datasets/writer-lease.ts';
import { archive } from '../../../lifecycle/predictions/archive.ts';
import { putArchiveState, readArchiveState } from '../../../lifecycle/predictions/archive-state.ts';
import type { Table } from '../../../platform/table.ts';
import { icebergTables, stagingTables } from '../../../use-cases/table-schemas.ts';
import {
  type EvidenceWorld,
  hourMs,
  type Step,
  type StepSetting,
  startEvidenceWorld,
  until,
  worse,
} from './evidence-world.ts';

let world: EvidenceWorld;
beforeAll(async () => {
  world = await startEvidenceWorld();
});
afterAll(() => world.stop());

/** A step of a use case whose predictions are archived. */
async function beginStep(setting: StepSetting): Promise<Step> {
  const step = await world.beginStep(setting);
  const useCase = { ...step.useCase, outcomes: { becomeObservations: false } };
  await defineTables(world.services, { iceberg: icebergTables(useCase), staging: stagingTables(useCase) });
  return { ...step, useCase };
}

/** Archives the hours `[from, from + 2)`, as if there had been nothing before. */
async function archiveFrom({ useCase }: Step, from: Date): Promise<void> {
  const { registry } = world.services;
  const present = await readArchiveState(registry, useCase.id);
  const none = { number: 0, run: null, newestOutcomes: 0, landedOutcomes: 0, landedThrough: '', pendingDays: [] };
  const startedAt = new Date(from.getTime() + 2.5 * hourMs).toISOString();
  const clock = { now: () => new Date(startedAt), real: (ms: number) => ms };
  const lease = await takeWriterLease({ registry, clock }, useCase.id, 'archive');
  await putArchiveState(registry, lease, { ...none, ...present, through: from.toISOString() });
  await archive({ ...world.services, clock }, useCase, { useCase: useCase.id, executionId: 'archive', startedAt });
}

/** The log as it is at an instant: what is older than 30 days is gone, and must not be asked for; some hours have items. */
function logAt(instant: Date, ...busy: string[]): Table {
  const { predictions } = world.services;
  const oldest = new Date(instant.getTime() - 30 * 24 * hourMs).toISOString();
  return {
    ...predictions,
    async query(pk, options) {
      const hour = /#(\d{4}-\d\d-\d\dT\d\d)#\d+$/.exec(pk)![1]!;
      if (`${hour}:59` < oldest) throw new Error(`The log of ${hour} has expired`);
      return busy.includes(hour) ? predictions.query(pk, options) : [];
    },
  };
}

const isOlder = ({ features }: LoggedPrediction) => (Number(features.age) > 50 ? 1 : 0);

test('quality is judged where outcomes take longer than the log lasts, by those in the archive and those that came since', async () => {
  const step = await beginStep({ challenger: worse, delayDays: 45 });
  // Mature between the versions' making and now.
  const logged = await world.logRequests(step, 600, undefined, new Date('2026-01-24T11:00:00.000Z'));
  // Mature before: they may have been learnt from, but for those of held-out entities.
  const early = await world.logRequests(step, 100, undefined, new Date('2026-01-24T08:00:00.000Z'));
  await archiveFrom(step, new Date('2026-01-24T08:00:00.000Z'));
  await archiveFrom(step, new Date('2026-01-24T10:00:00.000Z'));
  // The first of them is corrected later.
  const labelOf = (row: number) => isOlder(logged[row]!);
  await world.tellOutcomes(
    step,
    logged.slice(0, 400),
    row => (row === 0 ? 1 : labelOf(row)),
    '2026-02-10T11:30:00.000Z',
  );
  await world.tellOutcomes(step, early, () => 1, '2026-02-10T11:30:00.000Z');
  await archiveFrom(step, new Date('2026-02-10T11:00:00.000Z'));
  await archiveFrom(step, new Date('2026-03-10T06:00:00.000Z'));
  const since = logged.slice(400, 500);
  await world.tellOutcomes(step, since, row => isOlder(since[row]!), '2026-03-10T11:30:00.000Z');
  await world.tellOutcomes(step, logged.slice(0, 1), () => 0, '2026-03-10T11:40:00.000Z');
  const predictions = logAt(until, '2026-03-10T11');
  const { quality } = await world.gather(step, {}, { ...world.services, predictions });
  const heldOut = early.filter(({ entityId }) => isHoldout(entityId!)).length;
  expect(heldOut).toBeGreaterThan(5);
  const positives = logged.slice(0, 500).reduce((sum, prediction) => sum + isOlder(prediction), 0);
  expect(quality).toMatchObject({ outcomes: 500 + heldOut, positives: positives + heldOut });
  expect(quality!.championBrier).toBeLessThan(0.1);
  expect(quality!.improvement!.high).toBeLessThan(-0.3);
}, 60_000);

test('an A/B test that lasts longer than the log counts every request, and each unit by its first', async () => {
  const step = await beginStep({ delayDays: 45 });
  const asked = new Date('2026-03-10T11:00:00.000Z');
  const first = await world.logRequests(step, 400, row => ({ decision: row % 2 === 1, probability: row / 400 }), asked);
  const failed = { variant: 'challenger', version: 2, reason: 'error' } as const;
  const soon = new Date(asked.getTime() + 1_000);
  await world.logRequests(step, 10, () => ({ version: 1, variant: 'champion', failed, entityId: 'c-1' }), soon);
  await world.logRequests(step, 10, () => ({ entry: 6 }), asked);
  await world.logRequests(step, 10, () => ({ version: 1, variant: 'pinned', entry: 0 }), asked);
  await archiveFrom(step, new Date('2026-03-10T10:00:00.000Z'));
  await world.tellOutcomes(step, first.slice(0, 200), row => (row % 8 < 4 ? 1 : 0), '2026-03-30T11:30:00.000Z');
  await archiveFrom(step, new Date('2026-03-30T11:00:00.000Z'));
  await archiveFrom(step, new Date('2026-05-10T06:00:00.000Z'));
  const again = new Date('2026-05-10T11:00:00.000Z');
  await world.logRequests(step, 440, () => ({ decision: false }), again);
  await world.tellOutcomes(step, first.slice(200), row => (row % 8 < 4 ? 1 : 0), '2026-05-10T11:30:00.000Z');
  const now = new Date('2026-05-10T13:00:00.000Z');
  const predictions = logAt(now, '2026-05-10T11');
  const sources = { ...world.services, predictions };
  const { experiment, champion, challenger } = await world.gather(step, { isExperiment: true, until: now }, sources);
  expect(champion).toMatchObject({ requests: 200 + 220, errors: 0 });
  expect(challenger).toMatchObject({ requests: 200 + 220 + 10, errors: 10, scores: { highest: 399 / 400 } });
  expect(experiment).toMatchObject({
    units: { champion: 220, challenger: 220 },
    matured: { champion: 200, challenger: 200 },
  });
  expect(experiment!.meanValue.champion).toBeCloseTo(-1, 9);
  expect(experiment!.meanValue.challenger).toBeCloseTo(2, 9);
}, 60_000);
