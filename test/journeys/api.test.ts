import { mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PredictResponse, scopes, type UseCaseResponse } from '../../contracts/http.ts';
import type { ObservationsResponse } from '../../contracts/observations.ts';
import type { InferenceResponse } from '../../contracts/open-inference.ts';
import type { LifecycleExecution } from '../../contracts/tasks.ts';
import type { ApiDocument } from '../../lambdas/openapi/document/describe-api.ts';
import { writeSmallModel } from '../lifecycle/inference/small-model.ts';
import { readTemplate, synthesize } from '../synthesize.ts';
import { answerSchema, type DescribedRoute, describedRoutes, findDeviations } from './described-answers.ts';
import { Perennial, type Serving } from './perennial.ts';
import { writeBankFile } from './write-bank-file.ts';

const useCase = 'bank-marketing';
const assembly = synthesize();
const perennial = new Perennial(assembly);
const folder = mkdtempSync(join(tmpdir(), 'perennial-api-'));
let serving: Serving;
let document: ApiDocument;
let example: UseCaseResponse['example'];

beforeAll(async () => {
  const file = join(folder, 'bank.csv');
  writeBankFile(file, { rows: 2_000, seed: 5 });
  serving = await perennial.serve(['--data', file]);
  document = (await read('/openapi.json')) as ApiDocument;
  example = ((await read(`/use-cases/${useCase}`)) as UseCaseResponse).example;
}, 240_000);
afterAll(async () => {
  await perennial.dispose();
  rmSync(folder, { recursive: true });
});

test('the deployed routes are those of the document, and open where it says so', () => {
  const deployed = Object.values(readTemplate(assembly, 'Perennial').Resources)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    .map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType === 'NONE']);
  const described = describedRoutes(document).map(({ key, operation }) => [key, operation.security.length === 0]);
  expect(deployed.sort()).toEqual(described.sort());
});

test('each route answers as the document says, and has the scope that it says', async () => {
  const keys = new Map<string, string>();
  for (const scope of scopes) keys.set(scope, await createKey(...scopes.filter(other => other !== scope)));
  const everything = await createKey(...scopes);
  const ids = await readIds();
  const deviations: string[] = [];
  for (const route of describedRoutes(document)) {
    const { key, operation } = route;
    const scope = operation['x-scope'] as string | undefined;
    if (scope) {
      const { status } = await callRoute(route, ids, keys.get(scope)!);
      if (status !== 403) deviations.push(`${key} answers ${status} to a key without the scope ${scope}`);
    }
    const { status, body } = await callRoute(route, ids, everything);
    const schema = answerSchema(operation, status);
    const problems = schema ? findDeviations(document, schema, body) : [`status ${status} is not described`];
    deviations.push(...problems.map(problem => `${key} ${status}: ${problem}`));
    if (key.startsWith('GET') && status !== 200 && !notYet.includes(key)) deviations.push(`${key} answers ${status}`);
  }
  expect(deviations).toEqual([]);
}, 240_000);

test('a tensor request is answered as the same instances are, and by the version that its path names', async () => {
  const inputs = Object.entries(example).map(([name, value]) => ({
    name,
    shape: [2, 1],
    datatype: typeof value === 'number' ? 'FP64' : typeof value === 'boolean' ? 'BOOL' : 'BYTES',
    data: [value, value],
  }));
  const request = { id: 'mine', inputs, parameters: { unit: ['c-1', 'c-2'], observation_id: ['o-1', 'o-2'] } };
  const tensors = (await post(`/v2/models/${useCase}/infer`, request)) as InferenceResponse;
  const { predictions } = (await post(`/use-cases/${useCase}/predictions`, {
    instances: [example, example],
  })) as PredictResponse;
  expect(tensors).toMatchObject({ model_name: useCase, model_version: '1', id: 'mine' });
  expect(outputOf(tensors, 'probability')).toEqual(predictions.map(({ probability }) => probability));
  const [id] = outputOf(tensors, 'prediction_id');
  await expect(read(`/use-cases/${useCase}/predictions/${id}`)).resolves.toMatchObject({
    variant: 'champion',
    entityId: 'c-1',
    observationId: 'o-1',
  });
  const pinned = (await post(`/v2/models/${useCase}/versions/1/infer`, request)) as InferenceResponse;
  expect(outputOf(pinned, 'variant')).toEqual(['pinned', 'pinned']);
  expect(outputOf(pinned, 'probability')).toEqual(outputOf(tensors, 'probability'));
  await expect(post(`/v2/models/${useCase}/infer`, { inputs: [{ ...inputs[0], name: 'agee' }] })).resolves.toEqual({
    error: 'input "agee": unknown field; did you mean "age"? (row 0, 1)',
  });
});

test('a model that was made elsewhere is imported, answers who names it, and is judged as any other', async () => {
  const files = { onnx: join(folder, 'model.onnx'), signature: join(folder, 'signature.json') };
  writeFileSync(files.onnx, writeSmallModel({ numbers: { age: 0.01 }, intercept: -2 }));
  writeFileSync(files.signature, JSON.stringify({ features: [{ name: 'age', type: 'integer' }] }));
  const bring = (file: string) =>
    perennial.cli(['versions', 'import', useCase, '--file', file, '--signature', files.signature, '--json']);

  const { stdout } = await bring(files.onnx);
  expect(JSON.parse(stdout)).toEqual({ useCase, version: 2, isNew: true });
  const age = { name: 'age', shape: [1], datatype: 'INT32', data: [50] };
  const answer = (await post(`/v2/models/${useCase}/versions/2/infer`, { inputs: [age] })) as InferenceResponse;
  expect(outputOf(answer, 'probability')).toEqual([expect.closeTo(1 / (1 + Math.exp(1.5)), 6)]);

  const card = await perennial.cli(['versions', 'card', useCase, '2']);
  expect(card.stdout).toContain('Nobody here knows which rows it was fitted on');
  const huge = join(folder, 'huge.onnx');
  openSync(huge, 'w');
  truncateSync(huge, 500e6);
  const refused = await bring(huge);
  expect(refused.stderr).toContain('it has 500000000 bytes, at most 50000000 (50 MB) are accepted');
  expect(await read(`/use-cases/${useCase}/versions?limit=1`)).toMatchObject({
    versions: [{ version: 2, status: 'candidate', runId: null }],
    next: '2',
  });
}, 120_000);

test('rows that are sent are in the table after the lifecycle that somebody starts, of which there is one', async () => {
  const row = { ...example, observationId: 'sent-1', eventTime: new Date().toISOString(), y: 'yes' };
  const { observations } = (await post(`/use-cases/${useCase}/observations`, {
    observations: [row, { ...row, age: 'old' }],
  })) as ObservationsResponse;
  expect(observations).toMatchObject([{ result: 'accepted' }, { result: 'rejected' }]);

  const path = `/use-cases/${useCase}/lifecycle-executions`;
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${await createKey('operate')}`,
  };
  const start = (key: string) =>
    fetch(`${serving.url}${path}`, { method: 'POST', headers: { ...headers, 'idempotency-key': key }, body: '{}' });
  const [started, again, other] = [await start('one'), await start('one'), await start('two')];
  expect([started.status, again.status, other.status]).toEqual([202, 202, 409]);
  const { name } = (await started.json()) as LifecycleExecution;
  expect(await again.json()).toMatchObject({ name });
  expect(started.headers.get('location')).toBe(`${path}/${name}`);
  const described = describedRoutes(document).find(({ key }) => key === `POST ${path.replace(useCase, '{useCase}')}`)!;
  const schema = answerSchema(described.operation, 202)!;
  expect(findDeviations(document, schema, { name, useCase, status: 'RUNNING' })).toEqual([]);

  const end = await ended(`${path}/${name}`);
  expect(end).toMatchObject({ status: 'SUCCEEDED', outcome: 'unchanged', trigger: 'manual' });
  const outcome = { observationId: 'sent-1', label: 'no', observedAt: new Date().toISOString() };
  await expect(post(`/use-cases/${useCase}/outcomes`, { outcomes: [outcome] })).resolves.toMatchObject({
    outcomes: [{ result: 'accepted' }],
  });
}, 120_000);

test('a model card is JSON, or Markdown to who would rather have that', async () => {
  const ask = (accept: string) =>
    fetch(`${serving.url}/use-cases/${useCase}/versions/1/card`, {
      headers: { accept, authorization: `Bearer ${serving.key}` },
    });
  const { stdout } = await perennial.cli(['versions', 'card', useCase, '1']);
  const text = await ask('text/markdown');
  expect(text.headers.get('content-type')).toContain('text/markdown');
  expect((await text.text()).trim()).toBe(stdout.trim());
  const json = await ask('*/*');
  expect(json.headers.get('content-type')).toBe('application/json');
  expect(await json.json()).toMatchObject({ version: { version: 1 }, useCase: { id: useCase } });
}, 60_000);

/** Other use cases have no model, and no window has ended. */
const notYet = ['GET /v2/health/ready', 'GET /use-cases/{useCase}/reports/{id}'];

interface Ids {
  readonly predictionId: string;
  readonly runId: string;
  readonly experimentId: string;
  /** Name of an execution. */
  readonly execution: string;
}

async function readIds(): Promise<Ids> {
  const { predictions } = (await post(`/use-cases/${useCase}/predictions`, {
    instances: [example],
  })) as PredictResponse;
  const { runs } = (await read(`/use-cases/${useCase}/runs`)) as { runs: Pick<Ids, 'runId' | 'experimentId'>[] };
  const { stdout } = await perennial.cli(['executions', useCase, '--json']);
  const [execution] = JSON.parse(stdout) as { name: string }[];
  return { ...runs[0]!, predictionId: predictions[0]!.predictionId, execution: execution!.name };
}

/** Waits for the end of an execution. */
async function ended(path: string): Promise<LifecycleExecution> {
  for (;;) {
    const execution = (await read(path)) as LifecycleExecution;
    if (execution.status !== 'RUNNING') return execution;
    await sleep(200);
  }
}

/** Calls a route with values for its path, and a body for those that take one. */
async function callRoute({ key, operation }: DescribedRoute, ids: Ids, accessKey: string) {
  const [method, path] = key.split(' ') as [string, string];
  const noun = path.split('/').find(part => ['predictions', 'runs', 'experiments'].includes(part));
  const id = { predictions: ids.predictionId, runs: ids.runId, experiments: ids.experimentId }[noun ?? ''] ?? '1';
  const filled = path
    .replace('{useCase}', useCase)
    .replace('{version}', '1')
    .replace('{id}', id)
    .replace('{name}', ids.execution);
  const response = await fetch(`${serving.url}${filled}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessKey}` },
    ...(operation.requestBody !== undefined && { body: JSON.stringify(bodyOf(path, ids)) }),
  });
  return { status: response.status, body: await response.json() };
}

function bodyOf(path: string, { predictionId }: Ids): object {
  if (path.endsWith('/predictions')) return { instances: [example] };
  if (path.endsWith('/infer')) return { inputs: [{ name: 'age', shape: [1], datatype: 'INT64', data: [40] }] };
  if (path.endsWith('/outcomes')) return { outcomes: [{ predictionId, label: 1, observedAt: '2026-01-01T00:00:00Z' }] };
  if (path.endsWith('/observations')) return { observations: [{ ...example, eventTime: new Date().toISOString() }] };
  // It would start what another test starts, and that answers.
  if (path.endsWith('/lifecycle-executions')) return { force: 'yes' };
  if (path.endsWith('/releases')) return { version: 1 };
  if (path.endsWith('/approval')) return { decision: 'approved', reason: 'a test' };
  return { reason: 'a test' };
}

function outputOf({ outputs }: InferenceResponse, name: string): readonly unknown[] {
  return outputs.find(output => output.name === name)!.data;
}

async function createKey(...granted: readonly string[]): Promise<string> {
  const { stdout } = await perennial.cli(['keys', 'create', '--scope', ...granted, '--json']);
  return JSON.parse(stdout).key;
}

async function read(path: string): Promise<unknown> {
  return (await fetch(`${serving.url}${path}`, { headers: { authorization: `Bearer ${serving.key}` } })).json();
}

async function post(path: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${serving.key}` };
  return (await fetch(`${serving.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}
