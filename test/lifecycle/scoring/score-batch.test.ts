import type { ScoreBatchRequest, ScoringPart } from '../../../contracts/scoring-tasks.ts';
import { createModelCache } from '../../../lifecycle/inference/model-cache.ts';
import { type AppendScoresServices, appendScores } from '../../../lifecycle/scoring/append-scores.ts';
import { type PlanScoringServices, planScoring } from '../../../lifecycle/scoring/plan-scoring.ts';
import { scorePart } from '../../../lifecycle/scoring/score-part.ts';
import { listScoringBatches } from '../../../lifecycle/scoring/scoring-batch.ts';
import { type Lake, type OpenUseCase, startLake } from '../datasets/lake.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';
import { retryThroughEveryDeath } from '../dying-services.ts';
import { release, storeModel } from '../inference/publish-model.ts';
import { readEnds } from '../lineage/read-ends.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const header = 'id,at,amount,visits,plan,member,churned\n';
const startedAt = '2026-06-15T12:00:00.000Z';

/** A use case with three observations, and a champion for which an amount of 2 is even odds. */
async function open(): Promise<OpenUseCase> {
  const tiny = await lake.open(minimalUseCase);
  await tiny.drop('a.csv', `${header}a,2026-01-01,2,1,pro,ja,yes\nb,2026-01-01,,1,,nein,\nc,2026-01-01,9,,basic,,no\n`);
  await tiny.ingest('one');
  const { objects, registry } = tiny.services;
  const modelSha256 = await storeModel(objects, tiny.useCase.id, {
    numbers: { amount: 1, visits: 0, is_member: 0 },
    categories: { plan: { basic: 0, pro: 0 } },
    intercept: -2,
  });
  await release(registry, tiny.useCase.id, { modelSha256, threshold: 0.5 });
  return tiny;
}

/** Runs what the machine runs. */
async function run(
  tiny: OpenUseCase,
  executionId: string,
  request: Omit<ScoreBatchRequest, 'useCase'> = {},
  services: PlanScoringServices & AppendScoresServices = tiny.services,
) {
  const { id } = tiny.useCase;
  for (;;) {
    const input = { request: { useCase: id, ...request }, executionId, startedAt };
    const planned = await planScoring(services, tiny.useCase, input);
    if (planned.status === 'done') return planned.result;
    const models = createModelCache(tiny.services.objects);
    const parts =
      planned.status === 'planned' ? await tiny.services.objects.readJson<ScoringPart[]>(planned.partsKey) : [];
    for (const part of parts) {
      await scorePart({ ...services, models }, tiny.useCase, { useCase: id, batch: planned.batch, part, executionId });
    }
    await appendScores(services, tiny.useCase, { useCase: id, batch: planned.batch, executionId });
  }
}

function scores({ services, useCase }: OpenUseCase) {
  return services.athena.query(
    `SELECT * FROM ${useCase.id.replaceAll('-', '_')}_scores ORDER BY score_seq, observation_id, file_row`,
  );
}

test('a batch that has ended leaves its events: what a version made of the observations', async () => {
  const tiny = await open();
  await run(tiny, 'first');
  const { id } = tiny.useCase;
  const { score } = await readEnds(tiny.services.objects, id);
  expect(score).toMatchObject([
    {
      eventType: 'COMPLETE',
      inputs: [
        { name: `models/${id}`, facets: { version: { datasetVersion: '1' } } },
        { name: `lake/${id}/observations` },
      ],
      outputs: [{ name: `lake/${id}/scores`, outputFacets: { outputStatistics: { rowCount: 3 } } }],
    },
  ]);
});

test('every observation is scored once a version, with the decision and what it was made by', async () => {
  const tiny = await open();
  expect(await run(tiny, 'first')).toEqual({
    ...{ batch: 1, version: 1, rows: 3, decidedPositive: 2, rejected: 0 },
    reason: '3 rows are scored by version 1',
  });
  expect(await scores(tiny)).toEqual([
    expect.objectContaining({
      observation_id: 'a',
      probability: '0.5',
      decision: 'true',
      version: '1',
      score_seq: '1',
    }),
    expect.objectContaining({ observation_id: 'b', decision: 'false', threshold: '0.5', file: null, file_row: null }),
    expect.objectContaining({ observation_id: 'c', decision: 'true', scored_at: '2026-06-15 12:00:00.000' }),
  ]);
  expect(await run(tiny, 'second')).toMatchObject({ batch: null, reason: 'version 1 has scored all observations' });
  await tiny.drop('b.csv', `${header}d,2026-01-01,1,1,pro,ja,yes\n`);
  await tiny.ingest('two');
  expect(await run(tiny, 'third', { from: 1, to: 1 })).toMatchObject({ batch: null });
  expect(await run(tiny, 'fourth', { from: 2 })).toMatchObject({ batch: 2, rows: 1 });
  expect(await tiny.keys('staging')).toEqual([]);
}, 60_000);

test('a file is scored row by row; rows that are none are left out and counted', async () => {
  const tiny = await open();
  const file = `scoring/${tiny.useCase.id}/clients.csv`;
  await tiny.services.objects.write(file, 'amount,visits,plan,member\n3,1,gold,ja\nmuch,1,pro,ja\n1,,,\n');
  expect(await run(tiny, 'file', { file })).toMatchObject({ rows: 2, decidedPositive: 1, rejected: 1 });
  expect(await scores(tiny)).toMatchObject([
    { observation_id: null, file, file_row: '1', decision: 'true' },
    { observation_id: null, file, file_row: '3', decision: 'false' },
  ]);
  // Its rows are no observations: those are all still unscored.
  expect(await run(tiny, 'rest')).toMatchObject({ batch: 2, rows: 3 });
}, 60_000);

test('whichever call it dies after, no score is lost and none comes twice', async () => {
  const tiny = await open();
  const { athena, objects, registry, workflows, clock } = tiny.services;
  const { deaths } = await retryThroughEveryDeath({ athena, objects, registry, workflows, clock }, dying =>
    run(tiny, 'one', {}, dying),
  );
  expect(deaths).toBeGreaterThan(10);
  expect(await scores(tiny)).toHaveLength(3);
}, 120_000);

test('a batch that an execution left is ended by the next, before its own; one in hand is left alone', async () => {
  const tiny = await open();
  const input = { request: { useCase: tiny.useCase.id }, executionId: 'left', startedAt: '2026-06-14T12:00:00.000Z' };
  await planScoring(tiny.services, tiny.useCase, input);
  tiny.running.add('left');
  await expect(run(tiny, 'next')).rejects.toMatchObject({ name: 'ScoringBusyError' });
  tiny.running.delete('left');
  await tiny.drop('b.csv', `${header}d,2026-01-01,1,1,pro,ja,yes\n`);
  await tiny.ingest('two');
  expect(await run(tiny, 'next')).toMatchObject({ batch: 2, rows: 1 });
  expect(await scores(tiny)).toHaveLength(4);
}, 60_000);

test('a file that cannot be scored does not stand in the way of the next', async () => {
  const tiny = await open();
  const file = `scoring/${tiny.useCase.id}/other.csv`;
  await tiny.services.objects.write(file, 'amount,visits\n3,1\n');
  await expect(run(tiny, 'bad', { file })).rejects.toThrow('lacks "plan", "member"');
  const startedAnew = run(tiny, 'bad', { file });
  await expect(startedAnew).rejects.toMatchObject({
    name: 'ScoringFailedError',
    message: expect.stringContaining('lacks'),
  });
  await expect(run(tiny, 'absent', { file: `${file}.csv` })).rejects.toMatchObject({ name: 'ObjectNotFoundError' });
  expect(await run(tiny, 'next')).toMatchObject({ batch: 3, rows: 3 });
  const batches = await listScoringBatches(tiny.services.registry, tiny.useCase.id);
  expect(batches.map(({ status }) => status)).toEqual(['complete', 'failed', 'failed']);
}, 60_000);

test('an execution does not try parts in vain again, the next one does', async () => {
  const tiny = await open();
  const input = { request: { useCase: tiny.useCase.id }, startedAt: '2026-06-14T12:00:00.000Z' };
  const plan = await planScoring(tiny.services, tiny.useCase, { ...input, executionId: 'one' });
  const failure = { Error: 'States.ExceedToleratedFailureThreshold', Cause: 'too many' };
  const again = planScoring(tiny.services, tiny.useCase, { ...input, executionId: 'one', plan, failure });
  await expect(again).rejects.toMatchObject({
    name: 'ScoringFailedError',
    message: expect.stringContaining('too many'),
  });
  expect(await run(tiny, 'two')).toMatchObject({ batch: null, reason: 'version 1 has scored all observations' });
  expect(await scores(tiny)).toHaveLength(3);
}, 60_000);

test.each([
  [{ from: 0 }, 'from is 0, expected the number of a batch'],
  [{ from: 3, to: 2 }, 'no batch is in [3, 2]'],
  [{ file: 'landing/other/a.csv' }, 'expected a key below scoring/'],
  [{ file: 'scoring/x', from: 1 }, 'expected either batches or a file'],
])('a request like %j is refused', async (request, reason) => {
  const tiny = await lake.open(minimalUseCase);
  await expect(run(tiny, 'one', request)).rejects.toThrow(reason);
});

test('without a model there is nothing to score', async () => {
  const tiny = await lake.open(minimalUseCase);
  expect(await run(tiny, 'one')).toMatchObject({ batch: null, reason: 'there is no model yet' });
});
