import { join } from 'node:path';
import { readClock } from '../lifecycle/clock.ts';
import { Callers } from './callers.ts';
import { writeCredentials } from './credentials-file.ts';
import { defineCustomResources, ResponseBox } from './custom-resources.ts';
import { settleClock } from './domain-clock.ts';
import { createEventBridge } from './event-bridge.ts';
import { cloudFormation } from './gateway/cloudformation.ts';
import { startGateway } from './gateway/gateway.ts';
import type { HttpService } from './gateway/http-service.ts';
import { sts } from './gateway/sts.ts';
import type { CloudOptions, Front, Ground, OnStop } from './ground.ts';
import { administrator, readIam } from './iam/iam.ts';
import { startLake } from './lake.ts';
import type { JsonService } from './service.ts';
import { startFunctions } from './start-functions.ts';
import { startWorkflows } from './start-workflows.ts';
import { type AccessKey, administratorKey, holdStateFolder } from './state-folder.ts';
import { startStores } from './stores.ts';
import { readAssembly } from './template/assembly.ts';
import { deploy } from './template/deployment.ts';

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
  const functions = await startFunctions(ground, front);
  onStep('Custom resources');
  await defineCustomResources(
    {
      deployment,
      endpoint: front.endpoint,
      stateFile: join(options.stateFolder, 'custom-resources.json'),
      invoke: functions.lambda.invoke,
    },
    ground.box,
  );
  onStep('State machines');
  startWorkflows(ground, front, functions);
  writeCredentials(options.stateFolder, front.endpoint, key, clockVariables);
  return { awsUrl: front.endpoint, apiUrl: functions.apiUrl, administrator: key };
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
