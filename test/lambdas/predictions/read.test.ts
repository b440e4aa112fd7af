import { createPredictionIds } from '../../../lifecycle/predictions/prediction-id.ts';
import { logPredictions } from '../../../lifecycle/predictions/prediction-log.ts';
import { examplePrediction } from '../../lifecycle/predictions/example-prediction.ts';
import { type Deployment, startDeployment } from '../deployment.ts';
import { call } from '../http-event.ts';

let deployment: Deployment;
let handler: typeof import('../../../lambdas/predictions/read.ts')['handler'];
const at = new Date();
const nextId = createPredictionIds({ now: () => at, real: ms => ms });

beforeAll(async () => {
  deployment = await startDeployment();
  ({ handler } = await import('../../../lambdas/predictions/read.ts'));
});
afterAll(() => deployment.stop());

function read(id: string, changes: object = {}) {
  const route = 'GET /use-cases/{useCase}/predictions/{id}';
  return call(handler, { route, parameters: { useCase: 'bank-marketing', id }, scopes: ['view'], ...changes });
}

describe('GET …/predictions/{id}', () => {
  test('answers with the logged prediction', async () => {
    const prediction = examplePrediction({
      ...{ predictionId: nextId(), at: at.toISOString(), useCase: 'bank-marketing' },
      ...{ imputed: ['job'], features: { age: 40, job: null }, entityId: 'c-1' },
    });
    await logPredictions(deployment.predictions, [prediction], { deadlineMs: 30_000 });
    const { status, body } = await read(prediction.predictionId);
    expect(status).toBe(200);
    expect(body).toEqual(prediction);
  });

  test.each([[nextId()], ['latest'], ['%F0']])('knows no prediction %s', async id => {
    await expect(read(id)).resolves.toMatchObject({
      status: 404,
      body: { type: 'urn:perennial:problem:unknown-prediction' },
    });
  });

  test('knows no other use case and needs the scope "view"', async () => {
    const id = nextId();
    await expect(read(id, { parameters: { useCase: 'churn', id } })).resolves.toMatchObject({ status: 404 });
    await expect(read(id, { scopes: ['predict'] })).resolves.toMatchObject({ status: 403 });
  });
});
