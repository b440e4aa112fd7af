import { modelKey } from '../../../lifecycle/inference/model-signature.ts';
import { release, storeModel } from '../../lifecycle/inference/publish-model.ts';
import { type Deployment, startDeployment } from '../deployment.ts';
import { call } from '../http-event.ts';

let deployment: Deployment;
let handler: typeof import('../../../lambdas/health/read.ts')['handler'];

beforeAll(async () => {
  deployment = await startDeployment({ BUILD: 'abc123' });
  ({ handler } = await import('../../../lambdas/health/read.ts'));
});
afterAll(() => deployment.stop());

const health = () => call(handler, { route: 'GET /health' });
const state = (status: string, ready: boolean, version: number | null) => ({
  status: 200,
  body: { status, build: 'abc123', models: [{ useCase: 'bank-marketing', ready, version }] },
});

describe('GET /health', () => {
  test('needs no key, and tells whether the model that should answer is there', async () => {
    await expect(health()).resolves.toMatchObject(state('waiting', false, null));

    const modelSha256 = await storeModel(deployment.objects, 'bank-marketing', { numbers: { age: 1 } });
    await release(deployment.registry, 'bank-marketing', { modelSha256 });
    await expect(health()).resolves.toMatchObject(state('ok', true, 1));

    await deployment.objects.delete(modelKey('bank-marketing', modelSha256));
    await expect(health()).resolves.toMatchObject(state('degraded', false, 1));

    await deployment.stop();
    const { lines, ...answer } = await health();
    expect(answer).toMatchObject(state('degraded', false, null));
    expect(lines[0]).toMatchObject({ level: 'ERROR', message: 'Readiness not readable', useCase: 'bank-marketing' });
    deployment = await startDeployment();
  });
});
