import { describeVersions, walkDescriptions } from '../../../lifecycle/registry/describe-version.ts';
import { changeNotes } from '../../../lifecycle/registry/version-notes.ts';
import { claimVersion } from '../../../lifecycle/registry/versions.ts';
import { appendEntry, type LedgerEntry, nextEntry } from '../../../lifecycle/release/ledger.ts';
import { routeAllTo } from '../../../lifecycle/release/routing.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { collect } from '../../collect.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { exampleVersion } from './example-version.ts';

const useCase = 'loans';
let embedded: EmbeddedServices;
let registry: Table;

/** Thirty versions, one a day, of which every third is rejected and each other one answers from then on. */
beforeAll(async () => {
  embedded = await startEmbeddedServices();
  registry = connectTable('registry');
  let latest: LedgerEntry | undefined;
  for (let day = 1; day <= 30; day++) {
    const at = new Date(Date.UTC(2026, 2, day)).toISOString();
    const made = await claimVersion(registry, exampleVersion({ useCase, runId: `run-${day}`, createdAt: at }));
    const { version } = made;
    const decided = { at, by: 'gate', version, release: null, reason: 'so', evidence: {} };
    const decision = version % 3 === 0 ? 'rejected' : 'passed';
    latest = nextEntry(latest, { ...decided, decision });
    await appendEntry(registry, useCase, latest);
    if (decision === 'rejected') continue;
    latest = nextEntry(latest, { ...decided, decision: 'promoted', routing: routeAllTo(made, latest.routing, 's') });
    await appendEntry(registry, useCase, latest);
  }
  const clock = { now: () => new Date('2026-04-01T00:00:00.000Z'), real: (ms: number) => ms };
  await changeNotes({ registry, clock }, { useCase, version: 29, change: { description: 'the best' }, by: 'ann' });
});
afterAll(() => embedded.stop());

test('versions walked through are described as all of them are', async () => {
  const walked = await collect(walkDescriptions(registry, useCase));
  expect(walked).toEqual(await describeVersions(registry, useCase));
  expect(walked.slice(0, 4).map(({ status }) => status)).toEqual(['rejected', 'champion', 'retired', 'rejected']);
  expect(walked[1]!.notes.description).toBe('the best');
  expect((await collect(walkDescriptions(registry, useCase, 3))).map(({ version }) => version)).toEqual([2, 1]);
});

test('the newest are described without what was decided on the others', async () => {
  let items = 0;
  const query: Table['query'] = async (...args) => {
    const found = await registry.query(...args);
    items += found.length;
    return found as never;
  };
  for await (const { version } of walkDescriptions({ ...registry, query }, useCase)) if (version === 29) break;
  expect(items).toBe(25 + 25);
});
