import type { FreezeOutput, TrainingWindow } from '../../../contracts/tasks.ts';
import { freeze } from '../../../lifecycle/datasets/freeze.ts';
import { holdoutSql, isHoldout } from '../../../lifecycle/datasets/holdout.ts';
import type { DatasetManifest } from '../../../lifecycle/datasets/manifest.ts';
import { DatasetCorruptError, readDataset } from '../../../lifecycle/datasets/read-dataset.ts';
import { partition, sequenceKey } from '../../../lifecycle/registry/keys.ts';
import { appendEntry } from '../../../lifecycle/release/ledger.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { observationsTable } from '../../../use-cases/table-schemas.ts';
import { type Lake, type OpenUseCase, startLake, today } from './lake.ts';
import { minimalUseCase } from './minimal-use-case.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const header = 'id,customer,at,amount,visits,plan,member,churned';

test('the mature and labelled rows of the snapshot are frozen, and read back by id', async () => {
  const tiny = await openWith([
    ...rows('b', 4, '2026-01-02'),
    ...rows('a', 4, '2026-03-04T05:06:07.089Z'),
    'last moment,c,2026-06-05T12:00:00Z,,,,,yes',
    'young,c,2026-06-05T12:00:00.001Z,1,1,pro,ja,yes',
    'unlabelled,c,2026-01-02,1,1,pro,ja,',
  ]);
  const output = await freezeFrom(tiny);
  expect(output).toMatchObject({ status: 'frozen', rows: 9, positives: 5 });
  const dataset = await read(tiny, output);
  expect(dataset.observationIds).toEqual(['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3', 'last moment']);
  expect(dataset.entityIds.at(-1)).toBe('c');
  expect([...dataset.labels]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1]);
  expect(dataset.eventTimes[0]).toBe(Date.parse('2026-03-04T05:06:07.089Z'));
  expect(new Set(dataset.labelSeqs)).toEqual(new Set([1]));
  expect(new Set(dataset.ingestSeqs)).toEqual(new Set([1]));
  expect(dataset.columns).toMatchObject([
    { kind: 'number', name: 'amount' },
    { kind: 'number', name: 'visits' },
    { kind: 'category', name: 'plan', levels: ['basic', 'pro'] },
    { kind: 'number', name: 'is_member' },
  ]);
  const [amount, visits, plan, member] = dataset.columns as [NumberColumn, NumberColumn, CategoryColumn, NumberColumn];
  expect([...amount.values]).toEqual([0.5, 1.5, 2.5, 3.5, 0.5, 1.5, 2.5, 3.5, Number.NaN]);
  expect([...visits.values]).toEqual([0, 1, 2, 3, 0, 1, 2, 3, Number.NaN]);
  expect([...plan.codes]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, -1]);
  expect([...member.values]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, Number.NaN]);
});

test('the manifest tells where the rows come from', async () => {
  const tiny = await openWith(rows('a', 10, '2026-01-02'));
  const { manifest } = await read(tiny, await freezeFrom(tiny));
  expect(manifest).toMatchObject({
    useCase: tiny.useCase.id,
    createdAt: today,
    window: { mode: 'all' },
    matureUntil: '2026-06-05T12:00:00.000Z',
    snapshotId: expect.stringMatching(/^\d+$/),
    parentSnapshotId: null,
    committedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    tableUuid: expect.any(String),
    sql: expect.stringContaining(`FOR VERSION AS OF ${(await tiny.ingest('second')).snapshotId}`),
    rows: 10,
    positives: 5,
    ingestSeq: { from: 1, to: 1 },
    labelSeq: { from: 1, to: 1 },
    contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(manifest.parts.length).toBeGreaterThan(0);
  await tiny.drop('b.csv', [header, ...rows('b', 2, '2026-01-02')].join('\n'));
  await tiny.ingest('third');
  const next = await read(tiny, await freezeFrom(tiny));
  expect(next.manifest.parentSnapshotId).toBe(manifest.snapshotId);
});

test('the same request on the same snapshot is one dataset, exported once', async () => {
  const tiny = await openWith(rows('a', 10, '2026-01-02'));
  const output = await freezeFrom(tiny);
  const keys = await tiny.keys('datasets');
  expect(await freezeFrom(tiny)).toEqual(output);
  expect(await tiny.keys('datasets')).toEqual(keys);
});

test('a batch without mature labels makes another dataset of the same content', async () => {
  const tiny = await openWith(rows('a', 10, '2026-01-02'));
  const before = await read(tiny, await freezeFrom(tiny));
  await tiny.drop('b.csv', [header, 'young,c,2026-06-10,1,1,pro,ja,yes', 'open,c,2026-01-02,1,1,pro,ja,'].join('\n'));
  await tiny.ingest('second');
  const after = await read(tiny, await freezeFrom(tiny));
  expect(after.manifest.datasetId).not.toBe(before.manifest.datasetId);
  expect(after.manifest.contentHash).toBe(before.manifest.contentHash);
});

test('of two attempts at once one is the dataset for both', async () => {
  const tiny = await openWith(rows('a', 10, '2026-01-02'));
  const [one, other] = await Promise.all([freezeFrom(tiny), freezeFrom(tiny)]);
  expect(one).toEqual(other);
});

test('the last days only', async () => {
  const tiny = await openWith([
    ...rows('old', 5, '2026-05-05T12:00:00Z'),
    ...rows('new', 10, '2026-05-05T12:00:00.001Z'),
  ]);
  const output = await freezeFrom(tiny, { mode: 'last', days: 31 });
  expect(output).toMatchObject({ status: 'frozen', rows: 10 });
});

test('only what was labelled after the champion’s rows, or everything while there is no champion', async () => {
  const tiny = await openWith(rows('a', 10, '2026-01-02'));
  const first = await freezeFrom(tiny, { mode: 'incremental' });
  expect(first).toMatchObject({ status: 'frozen', rows: 10 });
  await crown(tiny, first);
  await tiny.drop('b.csv', [header, ...rows('b', 7, '2025-01-02')].join('\n'));
  await tiny.ingest('second');
  const output = await freezeFrom(tiny, { mode: 'incremental' });
  expect(output).toMatchObject({ status: 'frozen', rows: 7 });
  expect((await read(tiny, output)).manifest).toMatchObject({ labelSeq: { from: 2, to: 2 } });
});

test('a table that was never written to, or has too few rows or positives, is insufficient', async () => {
  const empty = await lake.open(minimalUseCase);
  expect(await freezeFrom(empty)).toEqual({
    status: 'insufficient data',
    reason: 'there are no observations yet',
    rows: 0,
    positives: 0,
  });
  expect(await freezeFrom(await openWith(rows('a', 4, '2026-01-02')))).toEqual({
    status: 'insufficient data',
    reason: '4 mature rows, at least 5 are needed',
    rows: 4,
    positives: 2,
  });
  const negatives = rows('a', 10, '2026-01-02').map(row => row.replace(/yes$/, 'no'));
  const output = await freezeFrom(await openWith([...negatives, 'p,c,2026-01-02,1,1,pro,ja,yes']));
  expect(output).toMatchObject({
    status: 'insufficient data',
    reason: '1 positives in 11 mature rows, at least 2 are needed',
  });
});

test('where an absent label means negative, mature rows without one are negatives', async () => {
  const label = { ...minimalUseCase.label, absentMeans: 'negative' as const };
  const open = 'open,c,2026-01-02,1,1,pro,ja,';
  const tiny = await openWith([...rows('a', 10, '2026-01-02'), open], { ...minimalUseCase, label });
  const output = await freezeFrom(tiny);
  expect(output).toMatchObject({ status: 'frozen', rows: 11, positives: 5 });
  const dataset = await read(tiny, output);
  const index = dataset.observationIds.indexOf('open');
  expect([dataset.labels[index], dataset.labelSeqs[index]]).toEqual([0, 1]);
});

test('a part that was changed since makes the dataset corrupt, and so does a manifest that tells otherwise', async () => {
  const tiny = await openWith(rows('a', 10, '2026-01-02'));
  const output = await freezeFrom(tiny);
  const { objects } = tiny.services;
  const key = manifestKey(output);
  const manifest = await objects.readJson<DatasetManifest>(key);
  await objects.write(key, JSON.stringify({ ...manifest, rows: 9 }));
  await expect(read(tiny, output)).rejects.toThrow(DatasetCorruptError);
  await objects.write(key, JSON.stringify(manifest));
  await objects.write(manifest.parts[0]!.key, 'damaged');
  await expect(read(tiny, output)).rejects.toThrow(DatasetCorruptError);
});

type Columns = Awaited<ReturnType<typeof readDataset>>['columns'][number];
type NumberColumn = Extract<Columns, { kind: 'number' }>;
type CategoryColumn = Extract<Columns, { kind: 'category' }>;

/** Every other row is positive. */
function rows(prefix: string, count: number, at: string): string[] {
  return Array.from({ length: count }, (_, index) => {
    const [plan, member, label] = index % 2 === 0 ? ['basic', 'ja', 'yes'] : ['pro', 'nein', 'no'];
    return `${prefix}${index},c${index},${at},${index}.5,${index},${plan},${member},${label}`;
  });
}

async function openWith(lines: readonly string[], useCase: UseCase = minimalUseCase): Promise<OpenUseCase> {
  const open = await lake.open(useCase);
  await open.drop('a.csv', [header, ...lines].join('\n'));
  await open.ingest('first');
  return open;
}

function freezeFrom({ services, useCase }: OpenUseCase, window?: TrainingWindow): Promise<FreezeOutput> {
  const request = { useCase: useCase.id, trigger: 'manual' as const, window };
  return freeze(services, useCase, { request, executionId: 'any', startedAt: today });
}

function manifestKey(output: FreezeOutput): string {
  if (output.status !== 'frozen') throw new Error(`Not frozen: ${output.reason}`);
  return output.manifestKey;
}

function read({ services, useCase }: OpenUseCase, output: FreezeOutput) {
  return readDataset(services.objects, useCase, manifestKey(output));
}

/** Makes version 1, trained on a dataset, the champion. */
async function crown({ services, useCase }: OpenUseCase, output: FreezeOutput): Promise<void> {
  const item = {
    pk: partition(useCase.id, 'version'),
    sk: sequenceKey(1),
    version: 1,
    manifestKey: manifestKey(output),
  };
  await services.registry.put(item);
  const variant = { name: 'champion', version: 1, modelSha256: '', threshold: 0.5, share: 1 };
  await appendEntry(services.registry, useCase.id, {
    entry: 1,
    at: today,
    by: 'any',
    decision: 'promoted',
    version: 1,
    release: 1,
    running: null,
    reason: '',
    routing: { salt: '', variants: [variant], shadow: null, aliases: {} },
    evidence: {},
  });
}

test('SQL and code agree on who is in the holdout', async () => {
  const tiny = await openWith(
    Array.from({ length: 200 }, (_, index) => `${index},é${index},2026-01-02,1,1,pro,ja,yes`),
  );
  const table = observationsTable(tiny.useCase).name;
  const found = await tiny.services.athena.query(
    `SELECT entity_id, ${holdoutSql('entity_id')} AS held_out FROM ${table}`,
  );
  expect(found).toHaveLength(200);
  for (const { entity_id, held_out } of found) expect(String(isHoldout(entity_id!))).toBe(held_out);
});
