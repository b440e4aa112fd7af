import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { Instance, UseCaseResponse } from '../../contracts/http.ts';
import { createRandom, type Random } from '../../ml/random.ts';

/** Sends requests to one endpoint over kept connections. */
export interface Target {
  readonly url: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

/** Options that say which endpoint, and as whom. */
export const endpointOptions = {
  endpoint: { type: 'string', default: 'http://127.0.0.1:3000' },
  'use-case': { type: 'string', default: 'bank-marketing' },
  key: { type: 'string' },
  state: { type: 'string', default: '.perennial' },
} as const;

/** Connects to the predictions of a use case of a live endpoint, and reads what it takes. */
export async function connect(values: {
  readonly endpoint: string;
  readonly 'use-case': string;
  readonly key?: string;
  readonly state: string;
}): Promise<{ readonly target: Target; readonly description: UseCaseResponse }> {
  const key = values.key ?? readKey(values.state);
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const useCase = new URL(`/use-cases/${values['use-case']}`, values.endpoint);
  const description = await describe({ url: useCase, agent, headers });
  return { target: { url: new URL(`${useCase.pathname}/predictions`, useCase), agent, headers }, description };
}

/** GET without a body, POST with one. A broken connection counts as status 0. */
export function send({ url, agent, headers }: Target, body?: string): Promise<Reply> {
  const begun = performance.now();
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const reply = (status: number, text: string) => resolve({ status, body: text, ms: performance.now() - begun });
  const sent = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers }, response => {
    let text = '';
    response.setEncoding('utf8').on('data', chunk => {
      text += chunk;
    });
    response.on('end', () => reply(response.statusCode ?? 0, text));
  });
  sent.on('error', error => reply(0, error.message));
  sent.end(body);
  return promise;
}

/** Draws the bodies of requests. */
export function drawBodies(description: UseCaseResponse, count: number, instances: number): string[] {
  const random = createRandom(1);
  return Array.from({ length: count }, () =>
    JSON.stringify({ instances: Array.from({ length: instances }, () => drawInstance(description, random)) }),
  );
}

function drawInstance({ features, entity }: UseCaseResponse, random: Random): Instance {
  const values = Object.entries(features).map(([name, { type, levels = [], range = [0, 100] }]) => {
    if (type === 'category') return [name, levels[random.integer(levels.length)]];
    if (type === 'boolean') return [name, random.integer(2) === 1];
    return [name, range[0] + random.integer(Math.floor(range[1] - range[0]) + 1)];
  });
  return Object.fromEntries([...values, [entity.column, `client-${random.integer(1_000_000)}`]]);
}

/** How many were not answered with 200. */
export function countErrors(replies: readonly Reply[]): number {
  return replies.filter(({ status }) => status !== 200).length;
}

function readKey(state: string): string {
  const file = `${state}/development-key`;
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Error(
    `No access key in ${file}: run npm start first, or name one with --key and its endpoint with --endpoint`,
  );
}

async function describe(useCase: Target): Promise<UseCaseResponse> {
  const { status, body } = await send(useCase);
  if (status !== 200) throw new Error(`GET ${useCase.url} answered ${status}: ${body}`);
  return JSON.parse(body);
}
