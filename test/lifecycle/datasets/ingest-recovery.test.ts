import type { IngestServices } from '../../../lifecycle/datasets/ingest.ts';
import { partition } from '../../../lifecycle/registry/keys.ts';
import type { Key } from '../../../platform/table.ts';
import { type Lake, type OpenUseCase, startLake, today } from './lake.ts';
import { minimalUseCase } from './minimal-use-case.ts';
import { dieAt, type Mortal } from './mortal.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const header = 'id,customer,at,amount,visits,plan,member,churned';
const row = (id: string, plan = 'basic') => `${id},c-${id},2026-01-02,12.5,3,${plan},ja,yes`;
const first = [header, ...Array.from({ length: 20 }, (_, index) => row(`a${index}`)), row('a0'), row('a1', 'pro')];
const second = [header, row('b0'), row('a2')];
const firstIds = Array.from({ length: 20 }, (_, index) => `a${index}`);

test('killed at any of its calls, an execution that is run again loses no row and doubles none', async () => {
  for (let calls = 1; ; calls++) {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('first.csv', first.join('\n'));
    const mortal = dieAt(calls);
    await attempt(tiny, 'execution', mortal);
    const answer = await tiny.ingest('execution');
    expect(answer).toMatchObject({ ingestSeq: 1, rows: 22, inserted: 20, duplicates: 1, rejected: 1, proceed: true });
    expect(await ids(tiny)).toEqual([...firstIds].sort());
    await expectTidy(tiny, ['1/first.csv']);
    expect(await tiny.quarantined(1)).toHaveLength(1);
    if (!mortal.isDead()) break;
  }
}, 240_000);

test('killed at any of its calls, an execution is taken over by the next, which brings its own batch as well', async () => {
  for (let calls = 1; ; calls++) {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('first.csv', first.join('\n'));
    const mortal = dieAt(calls);
    await attempt(tiny, 'killed', mortal);
    tiny.pass(20 * 60_000);
    await tiny.drop('second.csv', second.join('\n'));
    expect(await tiny.ingest('next')).toMatchObject({ proceed: true });
    expect(await ids(tiny)).toEqual([...firstIds, 'b0'].sort());
    expect((await tiny.keys('landing')).length + (await tiny.keys('staging')).length).toBe(0);
    if (!mortal.isDead()) break;
  }
}, 240_000);

test('killed at any of its calls, an execution makes its synthetic batch once', async () => {
  for (let calls = 1; ; calls++) {
    const tiny = await lake.open(minimalUseCase);
    tiny.services.demo = true;
    const mortal = dieAt(calls);
    await attempt(tiny, 'execution', mortal, { newBatch: 25 });
    expect(await tiny.ingest('execution', { newBatch: 25 })).toMatchObject({ ingestSeq: 1, inserted: 25 });
    expect(await tiny.rows()).toHaveLength(25);
    await expectTidy(tiny, ['1/synthetic/batch-1.csv']);
    if (!mortal.isDead()) break;
  }
}, 240_000);

test('killed at any of its calls, an execution whose batch is refused leaves nothing in the table and everything in quarantine', async () => {
  for (let calls = 1; ; calls++) {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('bad.csv', [header, row('a'), 'bad'].join('\n'));
    const mortal = dieAt(calls);
    await attempt(tiny, 'execution', mortal);
    await expect(tiny.ingest('execution')).rejects.toThrow(/Batch 1 of .* was refused/);
    expect(await tiny.rows()).toEqual([]);
    expect(await tiny.keys('quarantine')).toEqual(['1/files/bad.csv', '1/rows.ndjson']);
    expect(await tiny.keys('landing')).toEqual([]);
    if (!mortal.isDead()) break;
  }
}, 240_000);

test('an INSERT of which only some rows arrived is undone and done again', async () => {
  const tiny = await lake.open(minimalUseCase);
  const months = Array.from({ length: 150 }, (_, index) => new Date(Date.UTC(2000, index, 15)).toISOString());
  await tiny.drop('a.csv', [header, ...months.map((at, index) => `m${index},c,${at},1,1,pro,ja,no`)].join('\n'));
  let inserts = 0;
  const { athena } = tiny.services;
  const failing: IngestServices['athena'] = {
    ...athena,
    end: async id => {
      const ended = await athena.end(id);
      return ++inserts === 2 ? { ...ended, state: 'FAILED', reason: 'ICEBERG_COMMIT_ERROR' } : ended;
    },
    // The second of the statements never ran.
    start: (sql, options) => athena.start(inserts === 1 ? 'SELECT 1' : sql, inserts === 1 ? {} : options),
  };
  expect(await tiny.ingest('first', {}, { ...tiny.services, athena: failing })).toMatchObject({ inserted: 150 });
  expect(inserts).toBe(4);
  expect(await tiny.rows()).toHaveLength(150);
});

async function attempt(tiny: OpenUseCase, execution: string, mortal: Mortal, request = {}): Promise<void> {
  const { athena, objects, registry, workflows, ...rest } = tiny.services;
  const services = {
    ...rest,
    athena: mortal.wrap(athena),
    objects: mortal.wrap(objects),
    registry: mortal.wrap(registry),
    workflows: mortal.wrap(workflows),
  };
  try {
    await tiny.ingest(execution, { ...request, startedAt: today }, services);
  } catch (error) {
    if (!mortal.isDead() && (error as Error).name !== 'BatchRefusedError') throw error;
  }
}

async function ids(tiny: OpenUseCase): Promise<string[]> {
  return (await tiny.rows()).map(row => row.observation_id!).sort();
}

async function expectTidy(tiny: OpenUseCase, ingested: readonly string[]): Promise<void> {
  expect(await tiny.keys('landing')).toEqual([]);
  expect(await tiny.keys('staging')).toEqual([]);
  expect(await tiny.keys('ingested')).toEqual(ingested);
  const lease = await tiny.services.registry.get<Key & { expiresAt: number }>({
    pk: partition(tiny.useCase.id, 'lease'),
    sk: 'writer',
  });
  expect(lease?.expiresAt).toBe(0);
}
