import { receiveObservations } from '../../../lifecycle/datasets/receive-observations.ts';
import { defineUseCase } from '../../../use-cases/define-use-case.ts';
import { type Lake, type OpenUseCase, startLake, today } from './lake.ts';
import { minimalUseCase } from './minimal-use-case.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const good = { eventTime: '2026-01-02T03:04:05.678Z', amount: 12.5, visits: 3, plan: 'basic', is_member: true };

function send({ services, useCase }: OpenUseCase, ...observations: unknown[]) {
  return receiveObservations(services, useCase, { observations });
}

test('what was sent is ingested as any file is, under the names of the table', async () => {
  const tiny = await lake.open(minimalUseCase);
  const results = await send(
    tiny,
    { ...good, observationId: 'a', customer: 'c1', churned: 'yes' },
    { observationId: 7, eventTime: '2026-02-01', customer: null, churned: null },
  );
  expect(results).toEqual([
    { result: 'accepted', observationId: 'a' },
    { result: 'accepted', observationId: '7' },
  ]);
  expect(await tiny.ingest('first')).toMatchObject({ files: 1, rows: 2, inserted: 2, rejected: 0 });
  const [bare, full] = await tiny.rows();
  expect(full).toMatchObject({ observation_id: 'a', entity_id: 'c1', is_member: 'true', plan: 'basic', label: '1' });
  expect(full!.event_time).toBe('2026-01-02 03:04:05.678');
  expect(bare).toMatchObject({ observation_id: '7', entity_id: '7', amount: null, plan: null, label: null });
});

test('a repeated request changes nothing, before its rows are ingested or after', async () => {
  const tiny = await lake.open(minimalUseCase);
  const first = await send(tiny, good, { ...good, visits: 4 });
  expect(await send(tiny, good, { ...good, visits: 4 })).toEqual(first);
  expect(await tiny.keys('landing')).toHaveLength(1);
  expect(await tiny.ingest('first')).toMatchObject({ inserted: 2 });
  await send(tiny, good, { ...good, visits: 4 });
  expect(await tiny.ingest('second')).toMatchObject({ rows: 2, inserted: 0, duplicates: 2, rejected: 0 });
});

test('a row that comes again with its label brings it, with an id or without', async () => {
  const tiny = await lake.open(minimalUseCase);
  const [{ observationId } = { observationId: '' }] = (await send(tiny, good)) as { observationId: string }[];
  await tiny.ingest('first');
  expect(await send(tiny, { ...good, churned: 'no' })).toEqual([{ result: 'accepted', observationId }]);
  expect(await tiny.ingest('second')).toMatchObject({ labelled: 1, inserted: 0 });
});

test('each observation is judged for itself, and everything that is wrong with it is said', async () => {
  const tiny = await lake.open(
    defineUseCase({ ...minimalUseCase, excluded: { duration: 'known only after the call' } }),
  );
  const tomorrow = new Date(Date.parse(today) + 86_400_000).toISOString();
  const soon = new Date(Date.parse(today) + 60_000).toISOString();
  const results = await send(
    tiny,
    { ...good, observationId: 'a' },
    { ...good, observationId: 'a' },
    { ...good, observationId: 'a', visits: 9 },
    { ...good, eventTime: undefined },
    { ...good, eventTime: tomorrow },
    { ...good, eventTime: soon },
    { ...good, amount: -1, plan: 'gold', churned: 'maybe' },
    { ...good, visit: 3, duration: 7 },
    { ...good, plan: ['basic'] },
    'row',
  );
  expect(results.map(({ result }) => result)).toEqual([
    ...['accepted', 'duplicate', 'rejected', 'rejected', 'rejected', 'accepted'],
    ...['rejected', 'rejected', 'rejected', 'rejected'],
  ]);
  expect(results.map(result => ('reason' in result ? result.reason : ''))).toEqual([
    '',
    '',
    'observation id "a" has other values earlier in this request',
    expect.stringContaining('eventTime is absent, expected an ISO 8601 date or time'),
    expect.stringContaining('expected no time in the future'),
    '',
    expect.stringMatching(/amount is "-1".*plan is "gold".*churned is "maybe"/),
    'unknown field "visit"; did you mean "visits"?; duration is not accepted: known only after the call',
    'plan is an array, expected a plain value',
    'expected an object',
  ]);
  expect(await tiny.keys('landing')).toEqual([expect.stringMatching(/^observations\/[0-9a-f]{32}\.ndjson$/)]);
});

test('a request without a good observation lands nothing', async () => {
  const tiny = await lake.open(minimalUseCase);
  expect(await send(tiny, { ...good, visits: 'many' })).toMatchObject([{ result: 'rejected' }]);
  expect(await tiny.keys('landing')).toEqual([]);
});
