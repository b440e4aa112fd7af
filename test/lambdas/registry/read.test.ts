import type { Problem } from '../../../contracts/http.ts';
import type { Page } from '../../../lambdas/page.ts';
import { claimDataset } from '../../../lifecycle/datasets/frozen-dataset.ts';
import { modelCardKey } from '../../../lifecycle/inference/model-signature.ts';
import { putRun } from '../../../lifecycle/registry/runs.ts';
import { changeNotes } from '../../../lifecycle/registry/version-notes.ts';
import { claimVersion } from '../../../lifecycle/registry/versions.ts';
import { release } from '../../lifecycle/inference/publish-model.ts';
import { exampleRun } from '../../lifecycle/registry/example-run.ts';
import { exampleVersion } from '../../lifecycle/registry/example-version.ts';
import { type Deployment, startDeployment } from '../deployment.ts';
import { call } from '../http-event.ts';

const useCase = 'bank-marketing';
const signature = { features: [{ name: 'age', kind: 'number', type: 'integer', meaning: 'Age in years' }] };
let deployment: Deployment;
let handler: typeof import('../../../lambdas/registry/read.ts')['handler'];

beforeAll(async () => {
  deployment = await startDeployment();
  ({ handler } = await import('../../../lambdas/registry/read.ts'));
  const { registry, objects } = deployment;
  for (const number of [1, 2, 3]) {
    const modelSha256 = String(number).repeat(64);
    await putRun(
      registry,
      exampleRun({ useCase, runId: `run-${number}`, startedAt: `2026-03-0${number}T03:00:00.000Z` }),
    );
    await claimVersion(registry, exampleVersion({ useCase, runId: `run-${number}`, modelSha256 }));
    await objects.write(modelCardKey(useCase, modelSha256), JSON.stringify({ modelSha256, signature }));
    await claimDataset(registry, useCase, {
      datasetId: `d${number}`,
      contentHash: 'c',
      manifestKey: 'k',
      snapshotId: '1',
      rows: 10,
      positives: 2,
      createdAt: `2026-03-0${number}T03:00:00.000Z`,
    });
  }
  await release(registry, useCase, { modelSha256: '1'.repeat(64), version: 1 });
  const clock = { now: () => new Date('2026-03-05T00:00:00.000Z'), real: (ms: number) => ms };
  await changeNotes({ registry, clock }, { useCase, version: 1, change: { tags: { team: 'growth' } }, by: 'ann' });
});
afterAll(() => deployment.stop());

// biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes, each looked at by its test
function read<Body = any>(
  path: string,
  { parameters = {}, query = {} }: { parameters?: object; query?: Partial<Record<keyof Page, string>> } = {},
) {
  const route = `GET /use-cases/{useCase}/${path}`;
  return call<Body>(handler, { route, parameters: { useCase, ...parameters }, query, scopes: ['view'] });
}

describe('GET …/versions', () => {
  test('lists versions, newest first, with what became of each and what people say about it', async () => {
    const { body } = await read('versions');
    expect(body).toMatchObject({
      versions: [
        { version: 3, status: 'candidate', notes: { tags: {} } },
        { version: 2, status: 'candidate' },
        { version: 1, status: 'champion', aliases: [], runId: 'run-1', notes: { tags: { team: 'growth' } } },
      ],
      next: null,
    });
  });

  test('comes page by page', async () => {
    const { body } = await read('versions', { query: { limit: '2' } });
    expect(body).toMatchObject({ versions: [{ version: 3 }, { version: 2 }], next: '2' });
    const { body: rest } = await read('versions', { query: { limit: '2', after: body.next } });
    expect(rest).toMatchObject({ versions: [{ version: 1 }], next: null });
  });

  test('refuses a page that is none', async () => {
    const { status, body } = await read<Problem>('versions', { query: { limit: '0' } });
    expect(status).toBe(400);
    expect(body.detail).toBe('/limit: expected an integer from 1 to 200, got "0"');
  });
});

test('GET …/versions/{version} answers with the signature and the decisions, too', async () => {
  const { body } = await read('versions/{version}', { parameters: { version: '1' } });
  expect(body).toMatchObject({ version: 1, status: 'champion', signature, decisions: [{ entry: 1, version: 1 }] });
});

test.each(['4', '0', '1.0', 'latest', '1e3'])('GET …/versions/%s answers 404', async version => {
  const { status, body } = await read<Problem>('versions/{version}', { parameters: { version } });
  expect(status).toBe(404);
  expect(body).toMatchObject({
    type: 'urn:perennial:problem:unknown-version',
    detail: `Use case "${useCase}" has no version ${version}`,
  });
});

test('GET …/runs lists runs, and …/runs/{id} answers with one', async () => {
  const { body } = await read('runs', { query: { limit: '1' } });
  expect(body).toMatchObject({
    runs: [{ runId: 'run-3', parameters: { algorithm: 'logistic-regression' } }],
    next: 'run-3',
  });
  const { body: run } = await read('runs/{id}', { parameters: { id: 'run-2' } });
  expect(run).toMatchObject({ runId: 'run-2', status: 'finished' });
  await expect(read('runs/{id}', { parameters: { id: 'nonsense' } })).resolves.toMatchObject({ status: 404 });
});

test('GET …/experiments lists experiments, and …/experiments/{id} answers with one', async () => {
  expect((await read('experiments')).body).toEqual({ experiments: [], next: null });
  await expect(read('experiments/{id}', { parameters: { id: 'nonsense' } })).resolves.toMatchObject({
    status: 404,
    body: { type: 'urn:perennial:problem:unknown-experiment' },
  });
});

test('GET …/datasets lists datasets, newest first', async () => {
  const { body } = await read('datasets');
  expect(body).toMatchObject({ datasets: [{ datasetId: 'd3' }, { datasetId: 'd2' }, { datasetId: 'd1' }], next: null });
});

test('a use case that is not deployed is told of', async () => {
  await expect(read('runs', { parameters: { useCase: 'bank-marketin' } })).resolves.toMatchObject({ status: 404 });
});
