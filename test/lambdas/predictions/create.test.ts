import type { Prediction, PredictResponse, Problem } from '../../../contracts/http.ts';
import type { InferenceResponse } from '../../../contracts/open-inference.ts';
import { modelKey } from '../../../lifecycle/inference/model-signature.ts';
import { readPrediction } from '../../../lifecycle/predictions/prediction-log.ts';
import { release, storeModel } from '../../lifecycle/inference/publish-model.ts';
import { type Deployment, startDeployment } from '../deployment.ts';
import { call } from '../http-event.ts';

let deployment: Deployment;
let handler: typeof import('../../../lambdas/predictions/create.ts')['handler'];

const useCase = 'bank-marketing';
/** The model knows fewer jobs than the use case declares. */
const model = {
  numbers: { age: 0.01, balance: 0 },
  categories: { job: { student: 2, retired: 1 } },
  intercept: -2,
};

function ask<Body = PredictResponse>(body: unknown, changes: object = {}) {
  const route = 'POST /use-cases/{useCase}/predictions';
  return call<Body>(handler, { route, parameters: { useCase }, scopes: ['predict'], body, ...changes });
}

/** The metrics of answers that failed for a reason of ours. */
function faultsIn({ lines }: { lines: Record<string, unknown>[] }): unknown[] {
  return lines
    .filter(line => 'Faults' in line)
    .map(({ _aws }) => (_aws as { CloudWatchMetrics: unknown }).CloudWatchMetrics);
}

/** A busy machine may miss the log's deadline. */
async function askUntilLogged(body: unknown) {
  for (;;) {
    const answer = await ask(body);
    if (!answer.lines.some(line => 'PredictionsNotLogged' in line)) return answer;
  }
}

beforeAll(async () => {
  deployment = await startDeployment();
  ({ handler } = await import('../../../lambdas/predictions/create.ts'));
  const unreleased = await ask({ instances: [{ age: 30 }] });
  expect(faultsIn(unreleased)).toEqual([]);
  expect(unreleased).toMatchObject({
    status: 503,
    headers: { 'retry-after': '30', 'content-type': 'application/problem+json' },
    body: { type: 'urn:perennial:problem:no-model', detail: expect.stringContaining('has no released model yet') },
  });
  const modelSha256 = await storeModel(deployment.objects, useCase, model);
  await release(deployment.registry, useCase, { modelSha256: 'f'.repeat(64) });
  const broken = await ask({ instances: [{ age: 30 }] });
  // What an alarm watches knows no use case.
  expect(faultsIn(broken)).toEqual([
    [{ Namespace: 'Perennial', Dimensions: [['service']], Metrics: [{ Name: 'Faults', Unit: 'Count' }] }],
  ]);
  expect(broken).toMatchObject({
    status: 503,
    headers: { 'retry-after': '2' },
    body: { type: 'urn:perennial:problem:model-unavailable' },
  });
  await release(deployment.registry, useCase, { modelSha256, threshold: 0.4 });
});
afterAll(() => deployment.stop());

describe('POST …/predictions', () => {
  test('answers each instance with a probability and a decision', async () => {
    const { status, body } = await ask({
      instances: [
        { age: 30, job: 'student' },
        { age: 50, job: 'retired' },
      ],
    });
    expect(status).toBe(200);
    const [student, retired] = body.predictions as [Prediction, Prediction];
    expect(student.probability).toBeCloseTo(1 / (1 + Math.exp(-0.3)), 6);
    expect(student).toMatchObject({ decision: true, threshold: 0.4, version: 2, variant: 'champion', unseen: [] });
    expect(retired.probability).toBeCloseTo(1 / (1 + Math.exp(0.5)), 6);
    expect(retired.decision).toBe(false);
    expect(retired.predictionId > student.predictionId).toBe(true);
  });

  test('names what it had to fill in and what the model never saw', async () => {
    const { body } = await ask({
      instances: [
        { age: 50, balance: 1, job: 'astronaut', housing: true },
        { age: 50, job: 'admin.' },
        { age: 50, job: null },
      ],
    });
    const [astronaut, admin, none] = body.predictions as [Prediction, Prediction, Prediction];
    expect(astronaut.unseen).toEqual(['job']);
    expect(astronaut.imputed).not.toContain('balance');
    expect(admin.unseen).toEqual(['job']);
    expect(admin.imputed).toEqual(expect.arrayContaining(['balance', 'housing']));
    expect(none.unseen).toEqual([]);
    expect(none.imputed).toContain('job');
  });

  test('logs each prediction with all that was given and answered', async () => {
    const { body } = await askUntilLogged({
      instances: [{ age: 30, has_default: false, job: 'student', client_id: 'c-1', observationId: 'o-1' }, {}],
    });
    const [full, empty] = body.predictions as [Prediction, Prediction];
    await expect(readPrediction(deployment.predictions, useCase, full.predictionId)).resolves.toEqual({
      ...full,
      useCase,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      ...{ entry: 2, failed: null, scoringMs: null },
      entityId: 'c-1',
      observationId: 'o-1',
      features: expect.objectContaining({ age: 30, has_default: false, job: 'student', marital: null }),
    });
    await expect(readPrediction(deployment.predictions, useCase, empty.predictionId)).resolves.toMatchObject({
      entityId: null,
      observationId: null,
    });
  });

  test('takes a thousand instances', async () => {
    const { status, body } = await ask({ instances: Array(1_000).fill({ age: 30, job: 'student' }) });
    expect(status).toBe(200);
    expect(new Set(body.predictions.map(({ predictionId }) => predictionId)).size).toBe(1_000);
  });

  test('counts predictions by use case', async () => {
    const { lines } = await ask({ instances: [{}, {}] });
    expect(lines).toContainEqual(
      expect.objectContaining({ service: 'perennial', useCase, Predictions: 2, _aws: expect.anything() }),
    );
  });

  test('refuses a request that does not fit, naming all that is wrong', async () => {
    const { status, headers, body } = await ask<Problem>({ instances: [{ age: 'old', jbo: 1, duration: 3 }] });
    expect(status).toBe(400);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(body).toMatchObject({
      type: 'urn:perennial:problem:invalid-request',
      detail: 'The request has 3 problems',
      errors: [
        { pointer: '/instances/0/jbo', detail: 'unknown field; did you mean "job"?' },
        { pointer: '/instances/0/duration', detail: expect.stringMatching(/^not accepted: Seconds of the very call/) },
        { pointer: '/instances/0/age', detail: 'expected an integer from 16 to 120, got "old"' },
      ],
    });
  });

  test('says the one thing that is wrong at once', async () => {
    await expect(ask({ instances: [] })).resolves.toMatchObject({
      status: 400,
      body: { detail: '/instances: expected 1 to 1,000 instances, got 0' },
    });
  });

  test('knows no other use case', async () => {
    await expect(ask({ instances: [{}] }, { parameters: { useCase: 'bank-marketting' } })).resolves.toMatchObject({
      status: 404,
      body: { detail: 'Unknown use case "bank-marketting"; did you mean "bank-marketing"?' },
    });
    await expect(ask({ instances: [{}] }, { parameters: { useCase: '../load-use-case' } })).resolves.toMatchObject({
      status: 404,
      body: { detail: 'Unknown use case "../load-use-case": deployed are "bank-marketing"' },
    });
  });

  test('needs the scope "predict"', async () => {
    await expect(ask({ instances: [{}] }, { scopes: ['view'] })).resolves.toMatchObject({ status: 403 });
  });

  test('keeps answering when the model file is gone', async () => {
    const modelSha256 = await storeModel(deployment.objects, useCase, model);
    await ask({ instances: [{}] });
    await deployment.objects.delete(modelKey(useCase, modelSha256));
    await expect(ask({ instances: [{}] })).resolves.toMatchObject({ status: 200 });
    await storeModel(deployment.objects, useCase, model);
  });
});

describe('POST /v2/models/{useCase}/infer', () => {
  const infer = <Body = InferenceResponse>(body: unknown, version?: string) =>
    call<Body>(handler, {
      route: `POST /v2/models/{useCase}${version ? '/versions/{version}' : ''}/infer`,
      parameters: { useCase, ...(version && { version }) },
      scopes: ['predict'],
      body,
    });
  const age = { name: 'age', shape: [1, 1], datatype: 'FP32', data: [[30]] };

  test('answers in tensors as the same instance is answered, and counts the rows', async () => {
    const { status, body, lines } = await infer({ inputs: [age] });
    const { body: same } = await ask({ instances: [{ age: 30 }] });
    expect(status).toBe(200);
    const { probability, version, variant } = same.predictions[0]!;
    const data = Object.fromEntries(body.outputs.map(({ name, data }) => [name, data[0]]));
    expect(data).toMatchObject({ probability, version, variant });
    expect(lines).toContainEqual(expect.objectContaining({ useCase, Predictions: 1 }));
  });

  test('says what is wrong in the form of the protocol', async () => {
    await expect(infer({ inputs: [{ ...age, name: 'duration' }] })).resolves.toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: { error: expect.stringMatching(/^input "duration": not accepted: Seconds of the very call/) },
    });
    await expect(infer({ inputs: [age] }, 'nine')).resolves.toMatchObject({
      status: 404,
      body: { error: `Use case "${useCase}" has no version nine` },
    });
  });
});
