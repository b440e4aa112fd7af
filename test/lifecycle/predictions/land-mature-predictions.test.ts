import type { LoggedPrediction } from '../../../contracts/http.ts';
import { createOutcome } from '../../../lifecycle/outcomes/outcome.ts';
import { logOutcomes } from '../../../lifecycle/outcomes/outcome-log.ts';
import { archive } from '../../../lifecycle/predictions/archive.ts';
import { logPredictions } from '../../../lifecycle/predictions/prediction-log.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { type Lake, type OpenUseCase, startLake } from '../datasets/lake.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';
import { examplePrediction } from './example-prediction.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

/** On the evening of the day of the history, predictions are made; two days later, they are mature. */
const history = '2026-06-01T12:00:00.000Z';
const made = '2026-06-01T18:00:00.000Z';
const archived = '2026-06-01T20:00:00.000Z';
const mature = '2026-06-03T00:20:00.000Z';
/** Fewer hours to look at. */
const definition = { ...minimalUseCase, label: { ...minimalUseCase.label, delayDays: 1 } };

async function open(changes: Partial<UseCase> = {}): Promise<OpenUseCase> {
  const tiny = await lake.open({ ...definition, ...changes });
  await tiny.drop('history.csv', 'id,at,amount,visits,plan,member,churned\nknown,2026-05-01,1,1,pro,ja,yes\n');
  await tiny.ingest('history', { startedAt: history });
  return tiny;
}

const features = { amount: 12.5, visits: 3, plan: 'pro', is_member: true };

async function predict({ services, useCase }: OpenUseCase, changes: Partial<LoggedPrediction> = {}) {
  const prediction = examplePrediction({ at: made, features, useCase: useCase.id, ...changes });
  await logPredictions(services.predictions, [prediction], { deadlineMs: 30_000 });
  return prediction.predictionId;
}

async function tell({ services, useCase }: OpenUseCase, predictionId: string, receivedAt: string, label: 0 | 1 = 1) {
  const outcome = { useCase: useCase.id, predictionId, observationId: null, label, observedAt: receivedAt, receivedAt };
  await logOutcomes(services.predictions, [createOutcome({ ...outcome, by: 'key' })]);
}

function archiveAt({ services, useCase }: OpenUseCase, startedAt: string) {
  return archive(services, useCase, { useCase: useCase.id, executionId: 'archive', startedAt });
}

async function observations(tiny: OpenUseCase) {
  const rows = await tiny.rows();
  return rows.filter(row => row.observation_id !== 'known');
}

test('a mature prediction with an outcome becomes an observation, with all that it was asked', async () => {
  const tiny = await open();
  const own = await predict(tiny, { entityId: 'c-1' });
  const drifted = await predict(tiny, {
    ...{ observationId: 'asked', features: { ...features, amount: null, plan: 'gold', is_member: false } },
  });
  const [untold, known] = [await predict(tiny), await predict(tiny, { observationId: 'known' })];
  for (const id of [own, drifted, known]) await tell(tiny, id, '2026-06-01T18:30:00.000Z');
  expect(await archiveAt(tiny, archived)).toMatchObject({ predictions: 4, outcomes: 3, landed: 0 });
  expect(await archiveAt(tiny, '2026-06-02T23:00:00.000Z')).toMatchObject({ landed: 0 });
  expect(await archiveAt(tiny, mature)).toMatchObject({ predictions: 0, landed: 2 });
  expect(await archiveAt(tiny, mature)).toMatchObject({ landed: 0 });
  expect(await tiny.ingest('second', { startedAt: mature })).toMatchObject({ inserted: 2, rejected: 0 });
  const rows = await observations(tiny);
  expect(rows.find(row => row.observation_id === own)).toMatchObject({
    ...{ entity_id: 'c-1', event_time: '2026-06-01 18:00:00.000', label: '1', label_seq: '2', ingest_seq: '2' },
    ...{ amount: '12.5', visits: '3', plan: 'pro', is_member: 'true' },
  });
  // A level that the use case does not know yet stays what it is, and does not refuse the batch.
  expect(rows.find(row => row.observation_id === 'asked')).toMatchObject({
    ...{ entity_id: 'asked', amount: null, plan: 'gold', is_member: 'false', label: '1' },
  });
  // Its outcome comes late.
  await tell(tiny, untold, '2026-06-04T10:30:00.000Z', 0);
  expect(await archiveAt(tiny, '2026-06-04T12:20:00.000Z')).toMatchObject({ outcomes: 1, landed: 1 });
  await tiny.ingest('third', { startedAt: '2026-06-04T12:30:00.000Z' });
  const late = (await observations(tiny)).find(row => row.observation_id === untold);
  expect(late).toMatchObject({ label: '0', label_seq: '3', ingest_seq: '3' });
  expect(await tiny.keys('landing')).toEqual([]);
  expect(await tiny.keys('staging')).toEqual([]);
}, 120_000);

test('where silence says no, predictions without an outcome become observations too', async () => {
  const tiny = await open({ label: { ...definition.label, absentMeans: 'negative' } });
  const told = await predict(tiny);
  await predict(tiny);
  await tell(tiny, told, '2026-06-01T18:30:00.000Z');
  await archiveAt(tiny, archived);
  expect(await archiveAt(tiny, mature)).toMatchObject({ landed: 2 });
  await tiny.ingest('second', { startedAt: mature });
  const labels = (await observations(tiny)).map(({ label }) => label);
  expect(labels.sort()).toEqual(['1', null]);
}, 60_000);

test('of several predictions for one observation the first becomes it', async () => {
  const tiny = await open();
  const first = await predict(tiny, { observationId: 'asked' });
  await predict(tiny, { observationId: 'asked', at: '2026-06-01T18:00:01.000Z', features: { ...features, visits: 9 } });
  await tell(tiny, first, '2026-06-01T18:30:00.000Z');
  await archiveAt(tiny, archived);
  expect(await archiveAt(tiny, mature)).toMatchObject({ landed: 1 });
  await tiny.ingest('second', { startedAt: mature });
  expect(await observations(tiny)).toMatchObject([{ observation_id: 'asked', visits: '3', label: '1' }]);
}, 60_000);

test('a use case may switch it off', async () => {
  const tiny = await open({ outcomes: { becomeObservations: false } });
  await tell(tiny, await predict(tiny), '2026-06-01T18:30:00.000Z');
  await archiveAt(tiny, archived);
  expect(await archiveAt(tiny, mature)).toMatchObject({ landed: 0 });
}, 60_000);
