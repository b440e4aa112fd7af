import { nameVersion, resolveVersion } from '../../../lifecycle/registry/aliases.ts';
import { claimVersion, VersionNotFoundError } from '../../../lifecycle/registry/versions.ts';
import { readLedger } from '../../../lifecycle/release/ledger.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { release } from '../inference/publish-model.ts';
import { exampleVersion } from './example-version.ts';

let services: EmbeddedServices;
let registry: Table;
let useCase: string;
let count = 0;
const clock = { now: () => new Date('2026-03-03T09:00:00.000Z'), real: (ms: number) => ms };

beforeAll(async () => {
  services = await startEmbeddedServices();
  registry = connectTable('registry');
});
afterAll(() => services.stop());
beforeEach(async () => {
  useCase = `loans-${++count}`;
  for (const runId of ['a', 'b']) await claimVersion(registry, exampleVersion({ useCase, runId }));
  await release(registry, useCase, { modelSha256: 'a'.repeat(64), version: 1 });
});

function name(alias: string, version: number | null) {
  return nameVersion({ registry, clock }, { useCase, alias, version, by: 'ann', reason: 'a test' });
}

test('a name leads to its version, and moves with an entry of its own', async () => {
  await name('stable', 1);
  await expect(resolveVersion(registry, useCase, 'stable')).resolves.toBe(1);
  await name('stable', 2);
  await expect(resolveVersion(registry, useCase, 'stable')).resolves.toBe(2);
  const [latest, before] = await readLedger(registry, useCase);
  expect(latest).toMatchObject({ entry: 3, decision: 'aliased', by: 'ann', evidence: { before: 1, after: 2 } });
  expect(latest!.routing).toEqual({ ...before!.routing, aliases: { stable: 2 } });
});

test('the same name again adds no entry', async () => {
  await name('stable', 1);
  await expect(name('stable', 1)).resolves.toMatchObject({ entry: 2 });
  await expect(name('other', null)).resolves.toMatchObject({ entry: 2 });
});

test('names given at once are all kept', async () => {
  await Promise.all(['a', 'b', 'c', 'd'].map(alias => name(alias, 1)));
  const [latest] = await readLedger(registry, useCase, 1);
  expect(latest!.routing!.aliases).toEqual({ a: 1, b: 1, c: 1, d: 1 });
});

test('a number is taken as it is, and "champion" is who answers', async () => {
  await expect(resolveVersion(registry, useCase, '7')).resolves.toBe(7);
  await expect(resolveVersion(registry, useCase, 'champion')).resolves.toBe(1);
  for (const text of ['0', '1.5', '', 'stable', '__proto__', 'toString']) {
    await expect(resolveVersion(registry, useCase, text)).rejects.toThrow(VersionNotFoundError);
  }
});
