import { join } from 'node:path';
import { type Clock, readClock } from '../lifecycle/clock.ts';
import { Callers } from './callers.ts';
import { writeCredentials } from './credentials-file.ts';
import { defineCustomResources, ResponseBox } from './custom-resources.ts';
import { settleClock } from './domain-clock.ts';
import { createEventBridge } from './event-bridge.ts';
import { createFaults, type Faults, faultsVariable, readFaultRules } from './faults.ts';
import { readFunctions } from './functions.ts';
import { cloudFormation } from './gateway/cloudformation.ts';
import { startGateway } from './gateway/gateway.ts';
import type { HttpService } from './gateway/http-service.ts';
import { lambdaApi } from './gateway/lambda-api.ts';
import { sts } from './gateway/sts.ts';
import { startHttpApi } from './http-api/http-api.ts';
import { type Api, readApi } from './http-api/routes.ts';
import { administrator, type Iam, readIam } from './iam/iam.ts';
import { startLake } from './lake.ts';
import { createLambda, type Lambda } from './lambda/lambda.ts';
import { readMachines } from './machines.ts';
import type { S3 } from './s3/s3.ts';
import { type Schedule, startSchedules } from './scheduler.ts';
import type { JsonService } from './service.ts';
import { type AccessKey, administratorKey, holdStateFolder } from './state-folder.ts';
import { createStepFunctions } from './step-functions/step-functions.ts';
import { startStores } from './stores.ts';
import { readAssembly } from './template/assembly.ts';
import { type Deployment, deploy } from './template/deployment.ts';
import { TemplateError } from './template/intrinsics.ts';

export interface CloudOptions {
  /** Folder of the cloud assembly, as `cdk synth` writes it. */
  readonly assembly: string;
  /** Folder in which everything lies that outlives the process. */
  readonly stateFolder: string;
  /** Port of the AWS services; 0: any free one. */
  readonly awsPort: number;
  /** Port of the HTTP API; 0: any free one. */
  readonly apiPort: number;
  /** Told of each step as it begins. @default - nobody is */
  readonly onStep?: (step: string) => void;
}

/** The embedded cloud while it runs. */
export interface Cloud {
  /** Where all AWS services answer. */
  readonly awsUrl: string;
  /** Where the HTTP API answers, without a slash at its end. */
  readonly apiUrl: string;
  /** The key that may do everything. */
  readonly administrator: AccessKey;
  /** Ends everything; executions that run are taken up again by the next start. */
  stop(): Promise<void>;
}

/**
 * Runs the stacks of a cloud assembly on this machine, on loopback.
 *
 * @throws {StateFolderHeldError} when another cloud runs on the folder
 * @throws {PortInUseError}
 * @throws {TemplateError} when the template holds what can't be run here
 * @throws {CustomResourceError}
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  // Lambdas live in UTC, and threads share the zone of their process.
  process.env.TZ = 'UTC';
  const ends: (() => unknown)[] = [holdStateFolder(options.stateFolder)];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(options, end => ends.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Takes what is to be done at the end; the last is done first. */
type OnStop = (end: () => unknown) => void;

/** What the parts of the cloud need of each other. */
interface Ground extends Omit<CloudOptions, 'onStep'> {
  readonly deployment: Deployment;
  readonly iam: Iam;
  readonly clock: Clock;
  /** The clock's variables, for the functions. */
  readonly clockVariables: Readonly<Record<string, string>>;
  readonly callers: Callers;
  readonly box: ResponseBox;
  readonly onStop: OnStop;
}

async function start({ onStep = () => {}, ...options }: CloudOptions, onStop: OnStop): Promise<Omit<Cloud, 'stop'>> {
  const deployment = deploy(readAssembly(options.assembly));
  const clockVariables = settleClock(options.stateFolder);
  const ground: Ground = {
    ...options,
    deployment,
    clockVariables,
    iam: readIam(deployment),
    clock: readClock(),
    callers: new Callers(),
    box: new ResponseBox(),
    onStop,
  };
  const key = administratorKey(options.stateFolder);
  ground.callers.add(key.accessKeyId, 'Administrator', administrator);

  onStep('Services');
  const front = await startFront(ground);
  onStep('Functions');
  const { lambda, faults, apiUrl } = await startFunctions(ground, front);
  onStep('Custom resources');
  await defineCustomResources(
    {
      deployment,
      endpoint: front.endpoint,
      stateFile: join(options.stateFolder, 'custom-resources.json'),
      invoke: lambda.invoke,
    },
    ground.box,
  );
  onStep('State machines');
  startWorkflows(ground, front, lambda, faults);
  writeCredentials(options.stateFolder, front.endpoint, key, clockVariables);
  return { awsUrl: front.endpoint, apiUrl, administrator: key };
}

interface Front {
  readonly endpoint: string;
  readonly s3: S3;
  /** Takes more services while the front runs. */
  readonly services: Record<string, JsonService>;
  readonly others: Record<string, HttpService>;
}

async function startFront({ deployment, stateFolder, clock, awsPort, callers, box, onStop }: Ground): Promise<Front> {
  const { dynamoDb, s3, s3Root } = await startStores(deployment, stateFolder, clock);
  onStop(() => dynamoDb.stop());
  onStop(() => s3.stop());
  const { athena, glue } = await startLake({ deployment, stateFolder, s3Root, clock });
  onStop(() => Promise.all([athena.stop(), glue.stop()]));
  const buses = new Map(deployment.ofType('AWS::Events::EventBus').map(bus => [bus.id, String(bus.attribute('Arn'))]));
  const services: Record<string, JsonService> = {
    DynamoDB_20120810: dynamoDb,
    AmazonAthena: athena,
    AWSGlue: glue,
    AWSEvents: createEventBridge({ buses, stateFolder, clock }),
  };
  const others: Record<string, HttpService> = { sts, cloudformation: cloudFormation(deployment, new Date()) };
  const gateway = await startGateway({
    port: awsPort,
    services,
    s3,
    others,
    identify: (accessKeyId, response) => callers.identify(accessKeyId, response),
    unsigned: (request, response) => box.take(request, response),
  });
  onStop(() => gateway.stop());
  return { endpoint: gateway.endpoint, s3, services, others };
}

async function startFunctions(ground: Ground, { endpoint, others }: Front) {
  const { deployment, iam, apiPort, stateFolder, clockVariables, callers, onStop } = ground;
  const apiResource = onlyApi(deployment);
  const api = readApi(deployment, apiResource);
  const server = await startHttpApi({
    api,
    port: apiPort,
    invoke: async (arn, payload) => JSON.parse(await lambda.invoke(arn, JSON.stringify(payload))),
    now: () => new Date(),
  });
  const running: { stop(): Promise<void> }[] = [server];
  onStop(async () => {
    for (const part of running) await part.stop();
  });
  deployment.provide(apiResource, { ApiEndpoint: server.url });

  const functions = readFunctions(deployment, answeringFunctions(api));
  const logFolder = join(stateFolder, 'logs');
  const lambda = createLambda({ functions, endpoint, logFolder, variables: clockVariables });
  running.push(lambda);
  others.lambda = lambdaApi(lambda);
  for (const { name, label, roleArn, credentials } of functions) {
    callers.add(credentials.accessKeyId, label, iam.assume(roleArn, name));
  }
  const faults = readFaults(lambda);
  callers.expose(faults);
  return { lambda, faults, apiUrl: server.url };
}

function onlyApi(deployment: Deployment) {
  const [api, ...others] = deployment.ofType('AWS::ApiGatewayV2::Api');
  if (api && others.length === 0) return api;
  throw new TemplateError(`The embedded cloud runs one HTTP API; the template has ${others.length + (api ? 1 : 0)}`);
}

/** ARNs of the functions whose answer a caller of the API waits for. */
function answeringFunctions({ routes }: Api): Set<string> {
  return new Set(
    routes.flatMap(({ functionArn, authorizer }) => [functionArn, ...(authorizer ? [authorizer.functionArn] : [])]),
  );
}

function readFaults(lambda: Lambda): Faults | undefined {
  const rules = readFaultRules(process.env[faultsVariable]);
  if (!rules) return undefined;
  return createFaults(rules, label => {
    const struck = lambda.functions.find(definition => definition.label === label);
    if (struck) lambda.crash(struck.name);
  });
}

function startWorkflows(ground: Ground, { services, s3 }: Front, lambda: Lambda, faults: Faults | undefined): void {
  const { deployment, iam, clock, stateFolder, onStop } = ground;
  const machines = readMachines(deployment);
  const invoke = async (arn: string, payload: unknown): Promise<unknown> =>
    JSON.parse(await lambda.invoke(arn, JSON.stringify(payload)));
  const labelOf = (arn: string) => lambda.functions.find(definition => definition.arn === arn)?.label ?? arn;
  const stepFunctions = createStepFunctions({
    machines,
    clock,
    stateFolder: join(stateFolder, 'step-functions'),
    invoke: (arn, payload) =>
      faults ? faults.around(labelOf(arn), arn, () => invoke(arn, payload)) : invoke(arn, payload),
    readObject: s3.read,
    authorize(machineArn, action, resource) {
      const { roleArn, name } = machines.find(({ arn }) => arn === machineArn)!;
      iam.assume(roleArn, name).require(action, resource);
    },
  });
  services.AWSStepFunctions = stepFunctions;
  const schedules = startSchedules({
    schedules: deployment.ofType('AWS::Scheduler::Schedule').map(({ properties }) => properties as unknown as Schedule),
    clock,
    stateFolder: join(stateFolder, 'scheduler'),
    start: (stateMachineArn, input, roleArn) =>
      stepFunctions.handle('StartExecution', { stateMachineArn, input }, iam.assume(roleArn, 'scheduler')),
  });
  // Before the functions, whose ends would count as the tasks' own failures.
  onStop(() => stepFunctions.stop());
  onStop(() => schedules.stop());
  stepFunctions.resume();
}
