import { environmentNames } from '../../../contracts/environment.ts';
import { partition, sequenceKey } from '../../../lifecycle/registry/keys.ts';
import { appendEntry, nextEntry, readLatestEntry } from '../../../lifecycle/release/ledger.ts';
import { exampleRelease } from '../../lifecycle/release/example-release.ts';
import { type Deployment, startDeployment } from '../deployment.ts';
import { call, type RequestShape } from '../http-event.ts';

const useCase = 'bank-marketing';
let deployment: Deployment;
let requests: typeof import('../../../lambdas/release/requests.ts');

beforeAll(async () => {
  deployment = await startDeployment({
    [environmentNames.stateMachinePrefix]: 'arn:aws:states:us-east-1:000000000000:stateMachine:Perennial-',
    [environmentNames.eventBus]: 'Perennial',
  });
  requests = await import('../../../lambdas/release/requests.ts');
  const approval = { wantedAt: '2026-03-02T11:00:00.000Z', deadline: '2026-03-02T12:00:00.000Z', answer: null };
  const release = exampleRelease({ useCase, status: 'promoted', reason: 'as good', approval });
  const key = { pk: partition(useCase, 'release'), sk: sequenceKey(1) };
  await deployment.registry.put({ ...key, ...release });
  for (const [version, day] of [
    [1, '01'],
    [2, '02'],
  ] as const) {
    const at = `2026-03-${day}T00:00:00.000Z`;
    const decided = {
      at,
      by: 'gate',
      decision: 'rejected',
      version,
      release: null,
      reason: 'bad',
      evidence: {},
    } as const;
    const latest = await readLatestEntry(deployment.registry, useCase);
    await appendEntry(deployment.registry, useCase, nextEntry(latest, decided));
    const version1 = { pk: partition(useCase, 'version'), sk: sequenceKey(version), useCase, version };
    await deployment.registry.put(version1);
  }
});
afterAll(() => deployment.stop());

type Name = 'read' | 'readEntries' | 'start' | 'approve' | 'rollBack';

function ask(name: Name, { parameters = {}, ...shape }: RequestShape = {}) {
  const scopes = name === 'read' || name === 'readEntries' ? (['view'] as const) : (['operate'] as const);
  return call(requests[name], { scopes, ...shape, parameters: { useCase, ...parameters } });
}

test('GET …/releases lists them, and one can be read by its number', async () => {
  const releases = [{ release: 1, version: 2, approval: { state: 'expired' } }];
  expect(await ask('read')).toMatchObject({ status: 200, body: { releases, next: null } });
  expect(await ask('read', { parameters: { id: '1' } })).toMatchObject({ status: 200, body: { status: 'promoted' } });
  expect(await ask('read', { parameters: { id: '9' } })).toMatchObject({ status: 404 });
  expect(await ask('read', { parameters: { id: 'latest' } })).toMatchObject({ status: 400 });
});

test('GET …/ledger tells every decision, or the one that held at an instant', async () => {
  expect(await ask('readEntries')).toMatchObject({ body: { entries: [{ entry: 2 }, { entry: 1 }], next: null } });
  const page = (query: Record<string, string>) => ask('readEntries', { query });
  expect(await page({ limit: '1' })).toMatchObject({ body: { entries: [{ entry: 2 }], next: '2' } });
  expect(await page({ limit: '1', after: '2' })).toMatchObject({ body: { entries: [{ entry: 1 }], next: null } });
  expect(await page({ after: '1' })).toMatchObject({ body: { entries: [], next: null } });
  expect(await page({ after: 'x' })).toMatchObject({ status: 400 });
  const at = (instant: string) => ask('readEntries', { query: { at: instant } });
  expect(await at('2026-03-01T12:00:00Z')).toMatchObject({ body: { entries: [{ entry: 1 }] } });
  expect(await at('2026-02-01')).toMatchObject({ status: 200, body: { entries: [] } });
  expect(await at('yesterday')).toMatchObject({ status: 400 });
});

test.each<[Name, unknown, number]>([
  ['start', { version: 2 }, 409],
  ['start', { version: 7 }, 404],
  ['start', { version: '2' }, 400],
  ['start', { version: 2, strategy: 'slowly' }, 400],
  ['start', { version: 2, force: true }, 400],
  ['approve', { decision: 'approved', reason: 'so' }, 409],
  ['approve', { decision: 'approved' }, 400],
  ['rollBack', { reason: 'so' }, 409],
  ['rollBack', { to: 2, reason: 'so' }, 409],
  ['rollBack', { to: 7, reason: 'so' }, 404],
  ['rollBack', {}, 400],
  ['rollBack', null, 400],
])('%s answers %j with %d', async (name, body, status) => {
  const answered = await ask(name, { body, parameters: { id: '1' } });
  expect(answered).toMatchObject({ status, body: { type: expect.stringContaining('urn:perennial:problem:') } });
});

test('acts need the scope "operate", reads the scope "view"', async () => {
  for (const name of ['start', 'approve', 'rollBack'] as const) {
    expect(await ask(name, { scopes: ['view', 'predict'], body: {} })).toMatchObject({ status: 403 });
  }
  expect(await ask('read', { scopes: ['operate'] })).toMatchObject({ status: 403 });
});
