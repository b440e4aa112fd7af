import type { LoggedPrediction } from '../../../contracts/http.ts';
import { takeWriterLease, WriterBusyError } from '../../../lifecycle/datasets/writer-lease.ts';
import { createOutcome } from '../../../lifecycle/outcomes/outcome.ts';
import { logOutcomes } from '../../../lifecycle/outcomes/outcome-log.ts';
import { type ArchiveServices, archive } from '../../../lifecycle/predictions/archive.ts';
import { readArchiveState } from '../../../lifecycle/predictions/archive-state.ts';
import { lookUpPrediction } from '../../../lifecycle/predictions/look-up-prediction.ts';
import { predictionPartition } from '../../../lifecycle/predictions/prediction-id.ts';
import { logPredictions, PredictionNotFoundError } from '../../../lifecycle/predictions/prediction-log.ts';
import { logShadowScores } from '../../../lifecycle/predictions/shadow-scores.ts';
import { type Lake, type OpenUseCase, startLake, today } from '../datasets/lake.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';
import { retryThroughEveryDeath } from '../dying-services.ts';
import { examplePrediction } from './example-prediction.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const header = 'id,at,amount,visits,plan,member,churned\n';

/** A use case with one observation, so that its archive has a beginning. */
async function open(changes: Partial<typeof minimalUseCase> = {}): Promise<OpenUseCase> {
  const opened = await lake.open({ ...minimalUseCase, ...changes });
  await opened.drop('history.csv', `${header}known,2026-01-01,1,1,pro,ja,yes\n`);
  await opened.ingest('history');
  return opened;
}

function run({ services, useCase }: OpenUseCase, startedAt = today, others: ArchiveServices = services) {
  return archive(others, useCase, { useCase: useCase.id, executionId: 'archive', startedAt });
}

const features = { amount: 12.5, visits: 3, plan: 'pro', is_member: true };

/** Logs predictions made at instants. */
async function predict({ services, useCase }: OpenUseCase, ...changes: Partial<LoggedPrediction>[]) {
  const made = changes.map(change => examplePrediction({ features, ...change, useCase: useCase.id }));
  await logPredictions(services.predictions, made, { deadlineMs: 30_000 });
  return made;
}

async function tell({ services, useCase }: OpenUseCase, target: object, receivedAt: string, label: 0 | 1 = 1) {
  const ids = { predictionId: null, observationId: null, ...target };
  const outcome = createOutcome({ ...ids, useCase: useCase.id, label, observedAt: receivedAt, receivedAt, by: 'key' });
  await logOutcomes(services.predictions, [outcome]);
}

function rows({ services, useCase }: OpenUseCase, table: string) {
  return services.athena.query(`SELECT * FROM ${useCase.id.replaceAll('-', '_')}_${table}`);
}

test('hours that are over for a quarter are archived, with the scores of shadows, each row once', async () => {
  const tiny = await open();
  const failed = { variant: 'challenger', version: 4, reason: 'error' } as const;
  const [whole] = await predict(
    tiny,
    {
      at: '2026-06-15T09:59:00.000Z',
      failed,
      scoringMs: 1.5,
      imputed: ['plan', 'visits'],
      entityId: 'c',
      observationId: 'o',
    },
    { at: '2026-06-15T10:59:59.999Z', features: { amount: null, visits: 1e300, plan: 'gold', is_member: null } },
    { at: '2026-06-15T11:00:00.000Z' },
  );
  const shadow = { version: 9, threshold: 0.5 };
  const score = { prediction: whole!, probability: 0.75, failure: null };
  await logShadowScores(tiny.services.predictions, shadow, [score], new Date('2026-06-15T10:58:00.000Z'));
  await tell(tiny, { predictionId: whole!.predictionId }, '2026-06-15T10:30:00.000Z');
  await tell(tiny, { observationId: 'late' }, '2026-06-15T11:30:00.000Z');
  // At 12:10 the hour before is not settled yet.
  const early = '2026-06-15T12:10:00.000Z';
  expect(await run(tiny, early)).toMatchObject({
    ...{ predictions: 3, outcomes: 1, landed: 0 },
    through: '2026-06-15T11:00:00.000Z',
  });
  const archived = await rows(tiny, 'predictions');
  expect(archived).toHaveLength(3);
  expect(archived.find(row => row.prediction_id === whole!.predictionId && row.variant === 'champion')).toMatchObject({
    ...{ at: '2026-06-15 09:59:00.000', version: '3', entry: '1', failed_variant: 'challenger', failed_version: '4' },
    ...{ failed_reason: 'error', scoring_ms: '1.5', probability: '0.123456789', decision: 'true', threshold: '0.1' },
    ...{ entity_id: 'c', observation_id: 'o', imputed: 'plan,visits', unseen: null, archive_seq: '1' },
    ...{ amount: '12.5', visits: '3', plan: 'pro', is_member: 'true' },
  });
  expect(archived.find(row => row.variant === 'shadow')).toMatchObject({
    ...{ prediction_id: whole!.predictionId, version: '9', probability: '0.75', decision: 'true' },
  });
  expect(archived.find(row => row.plan === 'gold')).toMatchObject({ amount: null, visits: null, is_member: null });
  expect(await rows(tiny, 'outcomes')).toMatchObject([
    { prediction_id: whole!.predictionId, label: '1', received_by: 'key', received_at: '2026-06-15 10:30:00.000' },
  ]);
  expect(await run(tiny, early)).toMatchObject({ predictions: 0, outcomes: 0 });
  // Another shadow comes to the hour when it is archived.
  await logShadowScores(
    tiny.services.predictions,
    { ...shadow, version: 10 },
    [score],
    new Date('2026-06-15T11:20:00.000Z'),
  );
  expect(await run(tiny, '2026-06-15T12:15:00.000Z')).toMatchObject({ predictions: 2, outcomes: 1 });
  expect(await rows(tiny, 'predictions')).toHaveLength(5);
  const shadows = (await rows(tiny, 'predictions')).filter(({ variant }) => variant === 'shadow');
  expect(shadows.map(({ version, archive_seq }) => [version, archive_seq]).sort()).toEqual([
    ['10', '2'],
    ['9', '1'],
  ]);
  const { predictionId } = whole!;
  const pk = predictionPartition(tiny.useCase.id, predictionId);
  await tiny.services.predictions.delete({ pk, sk: predictionId });
  const lookUp = () => lookUpPrediction(tiny.services, tiny.useCase, predictionId.toUpperCase());
  await expect(lookUp()).rejects.toThrow(PredictionNotFoundError);
  tiny.pass(30 * 86_400_000);
  await expect(lookUp()).resolves.toEqual(whole);
  expect(await tiny.keys('staging')).toEqual([]);
}, 60_000);

test('outcomes that came long before the first batch are archived with the first hours', async () => {
  const tiny = await lake.open(minimalUseCase);
  await tell(tiny, { observationId: 'early' }, '2026-06-12T10:30:00.000Z');
  await tiny.drop('history.csv', `${header}known,2026-01-01,1,1,pro,ja,yes\n`);
  await tiny.ingest('history');
  expect(await run(tiny)).toMatchObject({ outcomes: 1 });
  expect(await rows(tiny, 'outcomes')).toMatchObject([{ observation_id: 'early' }]);
}, 60_000);

test('whichever call it dies after, nothing is lost and nothing comes twice', async () => {
  const tiny = await open();
  const made = await predict(tiny, ...Array.from({ length: 30 }, () => ({ at: '2026-06-15T09:00:00.000Z' })));
  await predict(tiny, ...Array.from({ length: 30 }, () => ({ at: '2026-06-15T07:00:00.000Z' })));
  for (const { predictionId } of made) await tell(tiny, { predictionId }, '2026-06-15T10:30:00.000Z');
  const { athena, objects, registry, clock, predictions } = tiny.services;
  const mortal = { athena, objects, registry, clock };
  // The log is only read.
  const { deaths } = await retryThroughEveryDeath(mortal, dying => run(tiny, today, { ...dying, predictions }));
  expect(deaths).toBeGreaterThan(10);
  expect(await rows(tiny, 'predictions')).toHaveLength(60);
  expect(await rows(tiny, 'outcomes')).toHaveLength(30);
  expect(await tiny.keys('staging')).toEqual([]);
  expect(await readArchiveState(registry, tiny.useCase.id)).toMatchObject({ run: null, number: 1 });
}, 120_000);

test('it waits while a batch is written, and of two runs at once one waits', async () => {
  const tiny = await open();
  await takeWriterLease(tiny.services, tiny.useCase.id, 'a batch');
  await expect(run(tiny)).rejects.toThrow(WriterBusyError);
  tiny.pass(20 * 60_000);
  await predict(tiny, { at: '2026-06-15T09:00:00.000Z' });
  const other = { useCase: tiny.useCase.id, executionId: 'other', startedAt: today };
  const both = await Promise.allSettled([run(tiny), archive(tiny.services, tiny.useCase, other)]);
  expect(both.map(({ status }) => status)).toContain('fulfilled');
  await run(tiny);
  expect(await rows(tiny, 'predictions')).toHaveLength(1);
}, 60_000);

test('before there is a batch or a model, there is nothing to archive, and nothing is asked', async () => {
  const tiny = await lake.open(minimalUseCase);
  const refuse = () => Promise.reject(new Error('asked'));
  const athena = { ...tiny.services.athena, start: refuse, query: refuse, execute: refuse };
  const services = { ...tiny.services, athena };
  expect(await run(tiny, today, services)).toMatchObject({ predictions: 0, outcomes: 0, landed: 0, through: null });
  await tiny.drop('history.csv', `${header}known,2026-01-01,1,1,pro,ja,yes\n`);
  await tiny.ingest('history');
  expect(await run(tiny, today, services)).toMatchObject({ predictions: 0, through: '2026-06-15T11:00:00.000Z' });
});
