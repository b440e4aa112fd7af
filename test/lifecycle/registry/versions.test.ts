import { register } from '../../../lifecycle/registry/register.ts';
import { putRun } from '../../../lifecycle/registry/runs.ts';
import { claimVersion, listVersions, readVersion } from '../../../lifecycle/registry/versions.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { collectEvents } from '../../collect-events.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { retryThroughEveryDeath } from '../dying-services.ts';
import { exampleRun } from './example-run.ts';
import { exampleVersion } from './example-version.ts';

let services: EmbeddedServices;
let registry: Table;
let objects: Objects;
let useCase: string;
let count = 0;
const clock = { now: () => new Date('2026-03-02T03:10:00.000Z'), real: (ms: number) => ms };

const events = collectEvents();

beforeAll(async () => {
  services = await startEmbeddedServices();
  registry = connectTable('registry');
  objects = connectObjects(services.bucket);
});
afterAll(() => services.stop());
beforeEach(() => {
  useCase = `loans-${++count}`;
});

function claim(runId: string | null) {
  return claimVersion(registry, exampleVersion({ useCase, runId }));
}

test('versions are numbered 1, 2, 3 in the order of their claims', async () => {
  expect((await claim('a')).version).toBe(1);
  expect((await claim('b')).version).toBe(2);
  expect((await claim('c')).version).toBe(3);
  expect((await listVersions(registry, useCase)).map(({ runId }) => runId)).toEqual(['c', 'b', 'a']);
});

test('a run that claims again gets the number it has, even after others', async () => {
  const first = await claim('a');
  await claim('b');
  expect(await claim('a')).toEqual(first);
  expect(await listVersions(registry, useCase)).toHaveLength(2);
});

test('claims of one run at once get one number', async () => {
  const versions = await Promise.all(Array.from({ length: 8 }, () => claim('a')));
  expect(new Set(versions.map(({ version }) => version))).toEqual(new Set([1]));
  expect(await listVersions(registry, useCase)).toHaveLength(1);
});

test('claims of several runs at once get a number each, without gaps', async () => {
  const versions = await Promise.all(['a', 'b', 'c', 'd', 'e', 'a'].map(claim));
  expect(versions[5]!.version).toBe(versions[0]!.version);
  expect(
    versions
      .slice(0, 5)
      .map(({ version }) => version)
      .sort(),
  ).toEqual([1, 2, 3, 4, 5]);
});

test('a version that is not there is refused by its number', async () => {
  await expect(readVersion(registry, useCase, 4)).rejects.toThrow(`Use case "${useCase}" has no version 4`);
});

test('register gives a run one version, whichever call it dies after', async () => {
  await putRun(registry, exampleRun({ useCase, runId: 'a' }));
  const input = { useCase, runId: 'a', executionId: 'execution', startedAt: '2026-03-02T03:00:00.000Z' };
  const { answer, deaths } = await retryThroughEveryDeath({ registry, objects, clock }, dying =>
    register({ ...dying, events }, input),
  );
  expect(answer).toEqual({ version: 1 });
  expect(deaths).toBeGreaterThan(1);
  expect(await listVersions(registry, useCase)).toHaveLength(1);
  const { pk, sk, ...version } = (await readVersion(registry, useCase, 1)) as unknown as Record<string, unknown>;
  expect({ pk, sk }).toEqual({ pk: undefined, sk: undefined });
  expect(version).toMatchObject({ runId: 'a', createdBy: 'execution', tags: { iceberg_parent_id: null } });
});

test('a run that is not there is not registered', async () => {
  const input = { useCase, runId: 'none', executionId: 'execution', startedAt: '2026-03-02T03:00:00.000Z' };
  await expect(register({ registry, objects, events, clock }, input)).rejects.toMatchObject({
    name: 'RunNotFoundError',
  });
});

test('a run that was not selected has no model to register', async () => {
  await putRun(registry, exampleRun({ useCase, runId: 'a', model: null }));
  const input = { useCase, runId: 'a', executionId: 'execution', startedAt: '2026-03-02T03:00:00.000Z' };
  await expect(register({ registry, objects, events, clock }, input)).rejects.toMatchObject({
    name: 'RunNotFoundError',
  });
});
