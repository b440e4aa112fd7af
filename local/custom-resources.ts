import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './gateway/json-protocol.ts';
import { replaceFile } from './replace-file.ts';
import type { Deployment, Resource } from './template/deployment.ts';

export interface CustomResourcesOptions {
  readonly deployment: Deployment;
  /** Address of the front, which takes the answers. */
  readonly endpoint: string;
  /** Remembers what was made, so that a start without changes does nothing. */
  readonly stateFile: string;
  /** Runs the Lambda behind a service token. */
  invoke(functionArn: string, payload: string): Promise<unknown>;
}

/** Thrown when the Lambda of a custom resource failed or said so. */
export class CustomResourceError extends Error {
  override readonly name = 'CustomResourceError';

  constructor({ stackName, logicalId, type }: Resource, reason: string, options?: ErrorOptions) {
    super(`${type} "${logicalId}" of stack ${stackName} failed: ${reason}`, options);
  }
}

/** Takes what Lambdas put to their ResponseURL. */
export class ResponseBox {
  readonly #waiting = new Map<string, (answer: Answer) => void>();

  /** Path of a new ResponseURL, and what will be put there. */
  open(): { path: string; answer: Promise<Answer> } {
    const path = `/custom-resource-responses/${randomUUID()}`;
    return { path, answer: new Promise(resolve => this.#waiting.set(path, resolve)) };
  }

  /** Takes an answer, unless the request is about something else. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const give = this.#waiting.get(request.url!);
    if (request.method !== 'PUT' || !give) return false;
    this.#waiting.delete(request.url!);
    void readBody(request).then(body => {
      response.end();
      give(JSON.parse(body));
    });
    return true;
  }
}

interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

interface Made {
  readonly hash: string;
  readonly properties: Properties;
  readonly physicalId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Properties = Readonly<Record<string, unknown>>;

/** Milliseconds that an answer may take after its Lambda has ended. */
const answerPatience = 5_000;

/**
 * Creates or updates the custom resources whose properties are not those of the last start, and tells the deployment what came of all.
 *
 * @throws {CustomResourceError}
 */
export async function defineCustomResources(options: CustomResourcesOptions, box: ResponseBox): Promise<void> {
  const { deployment, stateFile } = options;
  const made = readState(stateFile);
  for (const resource of deployment.custom()) {
    const id = `${resource.stackName}.${resource.logicalId}`;
    const properties = textual(resource.properties) as Properties;
    const hash = createHash('sha256').update(JSON.stringify(properties)).digest('hex');
    const before = made[id];
    if (before?.hash !== hash) {
      const { PhysicalResourceId, Data = {} } = await request(options, box, resource, properties, before);
      made[id] = { hash, properties, physicalId: PhysicalResourceId, data: Data };
      replaceFile(stateFile, JSON.stringify(made));
    }
    const { physicalId, data } = made[id]!;
    deployment.provide(resource, { Ref: physicalId, ...data });
  }
}

async function request(
  { deployment, endpoint, invoke }: CustomResourcesOptions,
  box: ResponseBox,
  resource: Resource,
  properties: Properties,
  before: Made | undefined,
): Promise<Answer> {
  const { path, answer } = box.open();
  const event = {
    RequestType: before ? 'Update' : 'Create',
    RequestId: randomUUID(),
    ResponseURL: `${endpoint}${path}`,
    StackId: deployment.stacks.find(({ name }) => name === resource.stackName)!.id,
    ServiceToken: properties.ServiceToken,
    ResourceType: resource.type,
    LogicalResourceId: resource.logicalId,
    ResourceProperties: properties,
    ...(before && { PhysicalResourceId: before.physicalId, OldResourceProperties: before.properties }),
  };
  try {
    await invoke(String(properties.ServiceToken), JSON.stringify(event));
  } catch (error) {
    throw new CustomResourceError(resource, (error as Error).message, { cause: error });
  }
  const answered = await inTime(answer);
  if (!answered) throw new CustomResourceError(resource, 'its function ended and sent no answer');
  if (answered.Status !== 'SUCCESS') throw new CustomResourceError(resource, answered.Reason ?? 'no reason given');
  return answered;
}

/** CloudFormation passes numbers and booleans as text. */
function textual(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textual);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, textual(item)]));
}

async function inTime(answer: Promise<Answer>): Promise<Answer | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, answerPatience, undefined);
  const first = await Promise.race([answer, promise]);
  clearTimeout(timer);
  return first;
}

function readState(file: string): Record<string, Made> {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
