import { createPredictionIds } from '../../../lifecycle/predictions/prediction-id.ts';
import { logPredictions } from '../../../lifecycle/predictions/prediction-log.ts';
import { examplePrediction } from '../../lifecycle/predictions/example-prediction.ts';
import { type Deployment, startDeployment } from '../deployment.ts';
import { call } from '../http-event.ts';

let deployment: Deployment;
let handler: typeof import('../../../lambdas/outcomes/create.ts')['handler'];
const at = new Date();
const nextId = createPredictionIds({ now: () => at, real: ms => ms });

beforeAll(async () => {
  deployment = await startDeployment();
  ({ handler } = await import('../../../lambdas/outcomes/create.ts'));
});
afterAll(() => deployment.stop());

function tell(outcomes: unknown, changes: object = {}) {
  const parameters = { useCase: 'bank-marketing' };
  const route = 'POST /use-cases/{useCase}/outcomes';
  return call(handler, { route, parameters, scopes: ['label'], body: JSON.stringify({ outcomes }), ...changes });
}

/** An outcome of a prediction that was logged. */
async function outcome() {
  const predictionId = nextId();
  const prediction = examplePrediction({ predictionId, at: at.toISOString(), useCase: 'bank-marketing' });
  await logPredictions(deployment.predictions, [prediction], { deadlineMs: 30_000 });
  return { predictionId, label: 'yes', observedAt: at.toISOString() };
}

describe('POST …/outcomes', () => {
  test('keeps the good outcomes of a request that is half bad, and says of each what became of it', async () => {
    const good = await outcome();
    const { status, body } = await tell([
      good,
      { ...good, label: 'maybe' },
      good,
      { ...good, observedAt: new Date(at.getTime() + 3_600_000).toISOString() },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outcomes: [
        { result: 'accepted', outcomeId: expect.stringMatching(/^[0-9a-f]{32}$/) },
        { result: 'rejected', reason: expect.stringContaining('label is "maybe", expected ') },
        { result: 'duplicate' },
        { result: 'rejected', reason: expect.stringContaining('no time in the future') },
      ],
    });
    await expect(tell([good])).resolves.toMatchObject({ body: { outcomes: [{ result: 'duplicate' }] } });
  });

  test("bears with a producer's clock that is some minutes ahead, or so late that the outcome is before its prediction", async () => {
    const good = await outcome();
    const shifted = (minutes: number) => ({
      ...good,
      observedAt: new Date(at.getTime() + minutes * 60_000).toISOString(),
    });
    const { body } = await tell([shifted(4), shifted(-4), shifted(-60), shifted(60)]);
    const { outcomes } = body as { outcomes: { result: string }[] };
    expect(outcomes.map(({ result }) => result)).toEqual(['accepted', 'accepted', 'accepted', 'rejected']);
  });

  test('takes a thousand, and no more', async () => {
    const one = await outcome();
    const many = Array.from({ length: 1_001 }, () => one);
    await expect(tell(many.slice(1))).resolves.toMatchObject({ status: 200 });
    await expect(tell(many)).resolves.toMatchObject({
      status: 400,
      body: { detail: '/outcomes: expected an array of 1 to 1,000 outcomes, got 1,001' },
    });
    await expect(tell([])).resolves.toMatchObject({ status: 400 });
    await expect(tell('none')).resolves.toMatchObject({ status: 400 });
  });

  test('knows no other use case and needs the scope "label"', async () => {
    const outcomes = [await outcome()];
    await expect(tell(outcomes, { parameters: { useCase: 'churn' } })).resolves.toMatchObject({ status: 404 });
    await expect(tell(outcomes, { scopes: ['predict', 'view'] })).resolves.toMatchObject({ status: 403 });
  });

  test('keeps outcomes when the lake does not answer', async () => {
    // The tables were never made here.
    const { body } = await tell([{ observationId: 'o-1', label: 1, observedAt: at.toISOString() }]);
    expect(body).toMatchObject({ outcomes: [{ result: 'accepted' }] });
  });
});
