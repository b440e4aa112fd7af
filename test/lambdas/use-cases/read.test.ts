import type { UseCaseResponse, UseCasesResponse } from '../../../contracts/http.ts';
import { claimVersion, type Version } from '../../../lifecycle/registry/versions.ts';
import type { Evaluation } from '../../../lifecycle/training/evaluation.ts';
import { release } from '../../lifecycle/inference/publish-model.ts';
import { type Deployment, startDeployment } from '../deployment.ts';
import { call } from '../http-event.ts';

let deployment: Deployment;
let handler: typeof import('../../../lambdas/use-cases/read.ts')['handler'];

beforeAll(async () => {
  deployment = await startDeployment();
  ({ handler } = await import('../../../lambdas/use-cases/read.ts'));
});
afterAll(() => deployment.stop());

const list = () => call<UseCasesResponse>(handler, { route: 'GET /use-cases', scopes: ['view'] });
const read = (useCase: string) =>
  call<UseCaseResponse>(handler, { route: 'GET /use-cases/{useCase}', parameters: { useCase }, scopes: ['view'] });

const estimate = { value: 0.77, low: 0.76, high: 0.78 };
const evaluation = { rows: 10, positives: 2, metrics: { roc_auc: estimate }, baseRate: null } as unknown as Evaluation;

describe('GET /use-cases', () => {
  test('lists what is deployed', async () => {
    await expect(list()).resolves.toMatchObject({
      status: 200,
      body: { useCases: [{ id: 'bank-marketing', entity: { name: 'client', column: 'client_id' } }] },
    });
  });

  test('needs the scope "view"', async () => {
    await expect(call(handler, { route: 'GET /use-cases', scopes: ['predict'] })).resolves.toMatchObject({
      status: 403,
    });
  });
});

describe('GET /use-cases/{useCase}', () => {
  test('says what a caller may send, and what not', async () => {
    const { status, body } = await read('bank-marketing');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'bank-marketing',
      label: { column: 'y', positive: 'yes', negative: 'no', delayDays: 14 },
      excluded: { duration: expect.stringContaining('known only once') },
    });
    expect(body.features.age).toEqual({ type: 'integer', meaning: 'Age in years', range: [16, 120] });
    expect(body.features.balance).toEqual({ type: 'number', meaning: expect.any(String) });
    expect(body.features.housing).toEqual({ type: 'boolean', meaning: expect.any(String) });
    expect(body.features.marital).toMatchObject({ type: 'category', levels: ['divorced', 'married', 'single'] });
  });

  test('names the version that answers and its metrics once there is one', async () => {
    await expect(list()).resolves.toMatchObject({ body: { useCases: [{ version: null }] } });
    await expect(read('bank-marketing')).resolves.toMatchObject({ body: { version: null, current: null } });

    const { createdAt } = await claimVersion(deployment.registry, {
      useCase: 'bank-marketing',
      runId: 'run-1',
      createdAt: '2026-03-01T00:00:00.000Z',
      metrics: { outOfFold: evaluation, holdout: { ...evaluation, metrics: null } },
    } as unknown as Version);
    await release(deployment.registry, 'bank-marketing', { modelSha256: 'a'.repeat(64), version: 1, threshold: 0.2 });
    await expect(read('bank-marketing')).resolves.toMatchObject({
      body: {
        version: 1,
        current: {
          version: 1,
          threshold: 0.2,
          createdAt,
          metrics: { outOfFold: { roc_auc: estimate }, holdout: null },
        },
      },
    });
    await expect(list()).resolves.toMatchObject({ body: { useCases: [{ version: 1 }] } });
  });

  test('suggests the use case that was meant', async () => {
    await expect(read('bank_marketing')).resolves.toMatchObject({
      status: 404,
      body: { detail: 'Unknown use case "bank_marketing"; did you mean "bank-marketing"?' },
    });
  });
});
