import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { timeToLiveAttribute } from '../../contracts/tables.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { writeCredentials } from '../../local/credentials-file.ts';
import { startDynamoDb } from '../../local/dynamodb/dynamodb.ts';
import { cloudFormation } from '../../local/gateway/cloudformation.ts';
import { startGateway } from '../../local/gateway/gateway.ts';
import { startS3 } from '../../local/s3/s3.ts';
import { createStepFunctions } from '../../local/step-functions/step-functions.ts';
import type { Deployment } from '../../local/template/deployment.ts';
import { connectObjects, type Objects } from '../../platform/objects.ts';
import { connectTable, type Table } from '../../platform/table.ts';
import { allPowerful } from '../embedded-services.ts';
import { deployedMachine, type ScriptedFunction } from '../local/step-functions/step-functions-client.ts';
import { type Outcome, runCommand } from './run-command.ts';

/** A deployment with scripted functions and a scripted endpoint, and the command pointed at it. */
export interface DeploymentWorld {
  readonly registry: Table;
  readonly predictions: Table;
  readonly objects: Objects;
  /** State folder. */
  readonly state: string;
  /** Scripted functions by name; a test may change them. */
  readonly functions: Record<string, ScriptedFunction>;
  /** Answers a request of the HTTP API; a test may change it. */
  answer: (request: IncomingMessage, body: unknown) => { status: number; body: object };
  perennial(...args: string[]): Promise<Outcome>;
  stop(): Promise<void>;
}

const clock = readClock({ CLOCK_SPEED: '1000', CLOCK_ORIGIN: String(Date.now()) });

export async function startDeployment(): Promise<DeploymentWorld> {
  const state = await mkdtemp(join(tmpdir(), 'perennial-cli-'));
  const functions: DeploymentWorld['functions'] = {};
  const api = await startApi((request, body) => world.answer(request, body));
  const services = await startServices(state, functions, api.url);
  writeCredentials(state, services.endpoint, { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' }, {});
  await writeFile(join(state, 'development-key'), 'development\n');
  Object.assign(process.env, { AWS_ENDPOINT_URL: services.endpoint, AWS_REGION: 'us-east-1' });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret' });
  const world: DeploymentWorld = {
    registry: connectTable('registry'),
    predictions: connectTable('predictions'),
    objects: connectObjects('bucket'),
    state,
    functions,
    answer: () => ({ status: 404, body: { message: 'Not Found' } }),
    perennial: (...args) => runCommand(['--state', state, ...args]),
    async stop() {
      await services.stop();
      await api.stop();
      await rm(state, { recursive: true });
    },
  };
  return world;
}

async function startServices(state: string, functions: DeploymentWorld['functions'], endpoint: string) {
  const dynamoDb = await startDynamoDb();
  for (const name of ['registry', 'predictions'])
    await dynamoDb.ensureTable(tableDefinition(name), timeToLiveAttribute);
  const s3 = startS3({ folder: join(state, 's3') });
  await s3.ensureBucket('bucket');
  const machines = await Promise.all(['lifecycle', 'maintain'].map(deployedMachine));
  const stepFunctions = createStepFunctions({
    machines,
    clock,
    stateFolder: join(state, 'step-functions'),
    readObject: s3.read,
    invoke: async (arn, payload) => functions[arn.split(':').at(-1)!]!(payload as never, 1),
  });
  const outputs = {
    Endpoint: endpoint,
    StateMachinePrefix: machines[0]!.arn.replace(/lifecycle$/, ''),
    Bucket: 'bucket',
    RegistryTable: 'registry',
    PredictionsTable: 'predictions',
    EventBus: 'Perennial',
    UseCases: 'bank-marketing,telco-churn',
  };
  const gateway = await startGateway({
    port: 0,
    services: { DynamoDB_20120810: dynamoDb, AWSStepFunctions: stepFunctions },
    s3,
    others: { cloudformation: cloudFormation(stacks(outputs), new Date(0)) },
    identify: () => allPowerful,
  });
  return {
    endpoint: gateway.endpoint,
    async stop() {
      await stepFunctions.stop();
      await gateway.stop();
      s3.stop();
      await dynamoDb.stop();
    },
  };
}

/** A deployment of one stack that has nothing but outputs. */
function stacks(outputs: Readonly<Record<string, string>>): Deployment {
  const listed = Object.entries(outputs).map(([name, value]) => ({
    name,
    value,
    description: undefined,
    exportName: undefined,
  }));
  const id = 'arn:aws:cloudformation:us-east-1:000000000000:stack/Perennial/1';
  const stack = { name: 'Perennial', id, assets: new Map(), outputs: () => listed };
  return { stacks: [stack], ofType: () => [], custom: () => [], provide: () => {} };
}

const tableDefinition = (name: string) => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
});

async function startApi(answer: DeploymentWorld['answer']) {
  const server = createServer(async (request, response) => {
    const { status, body } = answer(request, request.method === 'POST' ? await json(request) : undefined);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>(closed => server.close(() => closed()));
    },
  };
}
