import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { DescribeExecutionCommand, type DescribeExecutionCommandOutput, SFNClient } from '@aws-sdk/client-sfn';
import { readClock } from '../../../lifecycle/clock.ts';
import { type Caller, type JsonService, ServiceError } from '../../../local/service.ts';
import type { Machine } from '../../../local/step-functions/executions.ts';
import { createStepFunctions, type StepFunctions } from '../../../local/step-functions/step-functions.ts';

/** A function of a test: its answer by its payload, how often it ran, and what it got. */
export type ScriptedFunction = (payload: never, attempt: number) => unknown;

export interface World {
  readonly client: SFNClient;
  readonly service: StepFunctions;
  /** Function name of every call, in order. */
  readonly calls: { readonly name: string; readonly payload: unknown }[];
  ended(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly machines: readonly Machine[];
  readonly functions: Readonly<Record<string, ScriptedFunction>>;
  readonly stateFolder: string;
  readonly authorize?: (machineArn: string, action: string, resource: string) => void;
  /** Objects by bucket and key, `bucket/key`. */
  readonly objects?: Readonly<Record<string, string>>;
  readonly caller?: Caller;
}

/** Time passes a thousand times as fast, so that retries and waits take milliseconds. */
const clock = readClock({ CLOCK_SPEED: '1000', CLOCK_ORIGIN: String(Date.now()) });

export const almighty: Caller = { principal: 'arn:aws:iam::000000000000:root', require: () => {} };

/** Serves Step Functions to the real client, on scripted functions. */
export async function startWorld({
  machines,
  functions,
  stateFolder,
  authorize,
  objects = {},
  caller = almighty,
}: WorldOptions): Promise<World> {
  const calls: World['calls'] = [];
  const service = createStepFunctions({
    machines,
    stateFolder,
    clock,
    authorize,
    readObject: async (bucket, key) => objects[`${bucket}/${key}`]!,
    async invoke(functionArn, payload) {
      const name = functionArn.split(':').at(-1)!;
      calls.push({ name, payload });
      const attempt = calls.filter(call => call.name === name).length;
      return functions[name]!(payload as never, attempt);
    },
  });
  const { endpoint, close } = await serve(service, caller);
  const client = new SFNClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    client,
    service,
    calls,
    async ended(executionArn) {
      for (;;) {
        const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
        if (execution.status !== 'RUNNING') return execution;
      }
    },
    async stop() {
      client.destroy();
      await service.stop();
      await close();
    },
  };
}

async function serve(service: JsonService, caller: Caller) {
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.')[1]!;
    try {
      response.end(
        JSON.stringify(await service.handle(action, (await json(request)) as Record<string, unknown>, caller)),
      );
    } catch (error) {
      const { code, status, message } =
        error instanceof ServiceError ? error : new ServiceError('InternalFailure', String(error), 500);
      response.writeHead(status).end(JSON.stringify({ __type: code, message }));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>(closed => server.close(() => closed())),
  };
}

const root = await mkdtemp(join(tmpdir(), 'step-functions-'));
afterAll(() => rm(root, { recursive: true, force: true }));

/** Makes a folder that is gone after the test file. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(root, 'state-'));
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

export function machine(name: string, definition: object): Machine {
  const arn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
  return { arn, name, definition: JSON.stringify(definition), roleArn: 'arn:aws:iam::000000000000:role/machine' };
}

/** A machine of the repository, each of its tasks a function of the task's name. */
export async function deployedMachine(name: string): Promise<Machine> {
  const asl = await readFile(join(import.meta.dirname, `../../../state-machines/${name}.asl.json`), 'utf8');
  const values: Record<string, string> = { Partition: 'aws', Bucket: 'data' };
  const deployed = asl.replaceAll(/\$\{(\w+)\}/g, (_, name) => values[name] ?? functionArn(name));
  return machine(`Perennial-${name}`, JSON.parse(deployed));
}
