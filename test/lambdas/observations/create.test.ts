import { type Deployment, startDeployment } from '../deployment.ts';
import { call } from '../http-event.ts';

let deployment: Deployment;
let handler: typeof import('../../../lambdas/observations/create.ts')['handler'];

beforeAll(async () => {
  deployment = await startDeployment();
  ({ handler } = await import('../../../lambdas/observations/create.ts'));
});
afterAll(() => deployment.stop());

function send(observations: unknown, changes: object = {}) {
  const parameters = { useCase: 'bank-marketing' };
  const route = 'POST /use-cases/{useCase}/observations';
  return call(handler, { route, parameters, scopes: ['label'], body: { observations }, ...changes });
}

const one = { observationId: 'call-1', eventTime: '2026-03-01', age: 40, job: 'technician', y: 'yes' };

describe('POST …/observations', () => {
  test('lands the good rows of a request, and says what is wrong with the others', async () => {
    const { status, body } = await send([one, { ...one, observationId: 'call-2', job: 'astronaut' }]);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      observations: [
        { result: 'accepted', observationId: 'call-1' },
        { result: 'rejected', reason: expect.stringContaining('job is "astronaut", expected one of ') },
      ],
    });
    expect(await deployment.objects.list('landing/bank-marketing/observations/')).toHaveLength(1);
  });

  test('takes five thousand, and no more', async () => {
    const many = Array.from({ length: 5_001 }, () => one);
    await expect(send(many)).resolves.toMatchObject({
      status: 400,
      body: { detail: '/observations: expected an array of 1 to 5,000 observations, got 5,001' },
    });
    await expect(send([])).resolves.toMatchObject({ status: 400 });
    await expect(send(undefined)).resolves.toMatchObject({ status: 400 });
  });

  test('knows no other use case and needs the scope "label"', async () => {
    await expect(send([one], { parameters: { useCase: 'churn' } })).resolves.toMatchObject({ status: 404 });
    await expect(send([one], { scopes: ['predict', 'view', 'operate'] })).resolves.toMatchObject({ status: 403 });
  });
});
