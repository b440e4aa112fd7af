import type { PredictResponse } from '../../../contracts/http.ts';
import { release, storeModel } from '../../lifecycle/inference/publish-model.ts';
import { type Deployment, startDeployment } from '../deployment.ts';
import { call } from '../http-event.ts';

let deployment: Deployment;
let handler: typeof import('../../../lambdas/predictions/create.ts')['handler'];

beforeAll(async () => {
  deployment = await startDeployment({ PREDICTIONS_TABLE: 'nowhere' });
  ({ handler } = await import('../../../lambdas/predictions/create.ts'));
  const modelSha256 = await storeModel(deployment.objects, 'bank-marketing', { numbers: { age: 0.01 } });
  await release(deployment.registry, 'bank-marketing', { modelSha256 });
});
afterAll(() => deployment.stop());

describe('POST …/predictions when the table takes no log', () => {
  test('answers, counts the rows, and puts them into the log of the function', async () => {
    const { status, body, lines } = await call<PredictResponse>(handler, {
      route: 'POST /use-cases/{useCase}/predictions',
      parameters: { useCase: 'bank-marketing' },
      scopes: ['predict'],
      body: { instances: Array(250).fill({ age: 30, client_id: 'c-9' }) },
    });
    expect(status).toBe(200);
    expect(lines).toContainEqual(expect.objectContaining({ useCase: 'bank-marketing', PredictionsNotLogged: 250 }));
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'ERROR', error: expect.objectContaining({ name: 'PredictionLogError' }) }),
    );
    const rows = lines.flatMap(({ message, predictions }) => (message === 'Unlogged predictions' ? predictions : []));
    expect(rows).toHaveLength(250);
    expect(rows[0]).toMatchObject({ ...body.predictions[0], entityId: 'c-9' });
  });
});
