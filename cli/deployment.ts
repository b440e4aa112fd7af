import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type Clock, readClock } from '../lifecycle/clock.ts';
import { type Athena, connectAthena } from '../platform/athena.ts';
import { connectEvents, type Events } from '../platform/events.ts';
import { connectObjects, type Objects } from '../platform/objects.ts';
import { readStackOutputs } from '../platform/stacks.ts';
import { connectTable, type Table } from '../platform/table.ts';
import { connectWorkflows, type Workflows } from '../platform/workflows.ts';

/** Which deployment a command speaks to. */
export interface DeploymentOptions {
  /** Stack on AWS. @default - the embedded cloud */
  readonly stack?: string;
  /** State folder of the embedded cloud. */
  readonly state: string;
}

/** The deployed app as its operator reaches it. */
export interface Deployment {
  /** Base of the HTTP API, without a slash at its end. */
  readonly endpoint: string;
  readonly registry: Table;
  /** The log of predictions and outcomes. */
  readonly predictions: Table;
  readonly objects: Objects;
  readonly athena: Athena;
  readonly workflows: Workflows;
  readonly events: Events;
  readonly clock: Clock;
  readonly useCases: readonly string[];
  /** Milliseconds between two looks at what runs: AWS limits them. */
  readonly pollMs: number;
}

/** Thrown when the embedded cloud was never started, or does not run now. */
export class CloudNotRunningError extends Error {
  override readonly name = 'CloudNotRunningError';

  constructor(problem: string, options?: ErrorOptions) {
    super(`${problem}: start it with "npm start", or name a deployed stack with --stack`, options);
  }
}

/** Thrown when a stack on AWS cannot be looked up: it is not there, or nobody says who asks, and where. */
export class StackNotReadableError extends Error {
  override readonly name = 'StackNotReadableError';

  constructor(stack: string, cause: unknown) {
    super(
      `Cannot read stack "${stack}": ${(cause as Error).message}. It is looked for by the credentials and AWS_REGION of the environment`,
      { cause },
    );
  }
}

/**
 * Finds a deployment by its stack's outputs. For the embedded cloud, it points the AWS SDK of this process there first; nothing else differs.
 *
 * @throws {CloudNotRunningError}
 * @throws {StackNotReadableError}
 */
export async function connectDeployment({ stack, state }: DeploymentOptions): Promise<Deployment> {
  if (stack === undefined) await pointToEmbeddedCloud(state);
  const outputs = await readOutputs(stack);
  return {
    endpoint: outputs.Endpoint!.replace(/\/$/, ''),
    registry: connectTable(outputs.RegistryTable!),
    predictions: connectTable(outputs.PredictionsTable!),
    objects: connectObjects(outputs.Bucket!),
    athena: connectAthena({ workgroup: outputs.Workgroup!, database: outputs.Database! }),
    workflows: connectWorkflows(outputs.StateMachinePrefix!),
    events: connectEvents(outputs.EventBus!),
    clock: readClock(),
    useCases: outputs.UseCases!.split(','),
    pollMs: stack === undefined ? 100 : 2_000,
  };
}

/** Name of the stack in the embedded cloud. */
const embeddedStack = 'Perennial';

async function pointToEmbeddedCloud(state: string): Promise<void> {
  // With a profile, the SDK would pass over the credentials of the environment.
  delete process.env.AWS_PROFILE;
  delete process.env.AWS_SESSION_TOKEN;
  const defaults = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_REGION: 'us-east-1' };
  Object.assign(process.env, defaults, await readCredentials(state));
}

async function readCredentials(state: string): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile(join(state, 'credentials.env'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CloudNotRunningError(`There is no embedded cloud in "${state}"`, { cause: error });
  }
}

async function readOutputs(stack: string | undefined): Promise<Record<string, string>> {
  try {
    return await readStackOutputs(stack ?? embeddedStack);
  } catch (error) {
    if (stack !== undefined) throw new StackNotReadableError(stack, error);
    if (!String(error).includes('ECONNREFUSED')) throw error;
    throw new CloudNotRunningError(`No embedded cloud answers at ${process.env.AWS_ENDPOINT_URL}`, { cause: error });
  }
}
