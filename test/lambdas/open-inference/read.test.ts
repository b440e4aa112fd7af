import type { ModelMetadata } from '../../../contracts/open-inference.ts';
import { claimVersion } from '../../../lifecycle/registry/versions.ts';
import { release, storeModel } from '../../lifecycle/inference/publish-model.ts';
import { exampleVersion } from '../../lifecycle/registry/example-version.ts';
import { type Deployment, startDeployment } from '../deployment.ts';
import { call } from '../http-event.ts';

const useCase = 'bank-marketing';
let deployment: Deployment;
let handler: typeof import('../../../lambdas/open-inference/read.ts')['handler'];

beforeAll(async () => {
  deployment = await startDeployment();
  ({ handler } = await import('../../../lambdas/open-inference/read.ts'));
  // Before the first release.
  await expect(read('/health/live')).resolves.toMatchObject({ status: 200, body: { live: true } });
  for (const [path, parameters] of [['/health/ready'], ['/models/{useCase}/ready', { useCase }]] as const) {
    await expect(read(path, parameters)).resolves.toMatchObject({
      status: 400,
      body: { error: `Not ready: ${useCase}` },
    });
  }
  const modelSha256 = await storeModel(deployment.objects, useCase, { numbers: { age: 1 } });
  await claimVersion(deployment.registry, exampleVersion({ useCase, modelSha256 }));
  await release(deployment.registry, useCase, { modelSha256 });
});
afterAll(() => deployment.stop());

function read<Body = object>(path: string, parameters?: Record<string, string>) {
  return call<Body>(handler, { route: `GET /v2${path}`, parameters, scopes: ['predict'] });
}

test('the server describes itself', async () => {
  await expect(read('')).resolves.toMatchObject({
    status: 200,
    body: { name: 'perennial', version: expect.any(String), extensions: [] },
  });
});

test('the server is ready once every released model is there', async () => {
  await expect(read('/health/ready')).resolves.toMatchObject({ status: 200, body: { ready: true } });
});

test('a model tells its versions, and its inputs by their names', async () => {
  const { body } = await read<ModelMetadata>('/models/{useCase}', { useCase });
  expect(body).toMatchObject({ name: useCase, platform: 'onnx_onnxruntime' });
  expect(body.versions).toContain('1');
  expect(body.inputs).toContainEqual({ name: 'job', datatype: 'BYTES', shape: [-1, 1] });
  const pinned = await read('/models/{useCase}/versions/{version}', { useCase, version: '1' });
  expect(pinned.body).toEqual({ ...body, versions: ['1'] });
});

test('a model is ready once its file is there', async () => {
  const ofVersion = '/models/{useCase}/versions/{version}/ready';
  const { version } = await claimVersion(deployment.registry, exampleVersion({ useCase, runId: 'without a file' }));
  await expect(read(ofVersion, { useCase, version: String(version) })).resolves.toMatchObject({
    status: 400,
    body: { error: `Not ready: ${useCase} version ${version}` },
  });
  await expect(read(ofVersion, { useCase, version: '1' })).resolves.toMatchObject({ body: { ready: true } });
  await expect(read('/models/{useCase}/ready', { useCase })).resolves.toMatchObject({
    body: { name: useCase, ready: true },
  });
});

test('what is not there is told in the form of the protocol', async () => {
  await expect(read('/models/{useCase}', { useCase: 'bank-marketin' })).resolves.toMatchObject({
    status: 404,
    headers: { 'content-type': 'application/json' },
    body: { error: 'Unknown use case "bank-marketin"; did you mean "bank-marketing"?' },
  });
  await expect(read('/models/{useCase}/versions/{version}', { useCase, version: '9' })).resolves.toMatchObject({
    status: 404,
    body: { error: `Use case "${useCase}" has no version 9` },
  });
});
