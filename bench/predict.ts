import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Instance, UseCaseResponse } from '../contracts/http.ts';
import { createRandom, type Random } from '../ml/random.ts';

/** Requests of which nothing is counted. */
const warmUpRequests = 200;
const pacedRate = 50;
const largeRequests = 10;

/** Sends requests to one endpoint over kept connections. */
interface Target {
  readonly url: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

/**
 * Loads a live endpoint (`npm start` in another terminal): one instance a request at 50 requests a second, then as many as it takes over `--connections`,
 * then 1,000 instances a request. Predictions are logged as always.
 */
export default async function predict(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      endpoint: { type: 'string', default: 'http://127.0.0.1:3000' },
      'use-case': { type: 'string', default: 'bank-marketing' },
      key: { type: 'string' },
      state: { type: 'string', default: '.perennial' },
      seconds: { type: 'string', default: '10' },
      connections: { type: 'string', default: '8' },
    },
  });
  const seconds = Number(values.seconds);
  const key = values.key ?? readKey(values.state);
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const useCase = new URL(`/use-cases/${values['use-case']}`, values.endpoint);
  const description = await describe({ url: useCase, agent, headers });
  const target = { url: new URL(`${useCase.pathname}/predictions`, useCase), agent, headers };
  const bodies = drawBodies(description, 1_000, 1);
  try {
    for (let index = 0; index < warmUpRequests; index++) await send(target, bodies[index]);
    const paced = await runPaced(target, bodies, seconds);
    const full = await runFull(target, bodies, seconds, Number(values.connections));
    const large = await runLarge(target, drawBodies(description, largeRequests, 1_000));
    return { use_case: values['use-case'], version: description.version, ...paced, ...full, ...large };
  } finally {
    agent.destroy();
  }
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

/** One request every 20 ms, whether or not the ones before are answered. */
async function runPaced(target: Target, bodies: readonly string[], seconds: number) {
  const begun = performance.now();
  const replies: Promise<Reply>[] = [];
  for (let index = 0; index < seconds * pacedRate; index++) {
    await sleep(Math.max(0, begun + (index * 1_000) / pacedRate - performance.now()));
    replies.push(send(target, bodies[index % bodies.length]));
  }
  const all = await Promise.all(replies);
  const times = all.map(({ ms }) => ms);
  return { p50_ms: quantile(times, 0.5), p99_ms: quantile(times, 0.99), errors: countErrors(all) };
}

/** On each connection a request as soon as the one before is answered. */
async function runFull(target: Target, bodies: readonly string[], seconds: number, connections: number) {
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  const all: Reply[] = [];
  const runs = Array.from({ length: connections }, async () => {
    while (performance.now() < end) all.push(await send(target, bodies[all.length % bodies.length]));
  });
  await Promise.all(runs);
  const times = all.map(({ ms }) => ms);
  return {
    rps: Math.round((all.length / (performance.now() - begun)) * 1_000),
    connections,
    full_load_p50_ms: quantile(times, 0.5),
    full_load_p99_ms: quantile(times, 0.99),
    full_load_errors: countErrors(all),
  };
}

async function runLarge(target: Target, bodies: readonly string[]) {
  const all: Reply[] = [];
  for (const body of bodies) all.push(await send(target, body));
  const times = all.map(({ ms }) => ms);
  return {
    thousand_p50_ms: quantile(times, 0.5),
    thousand_max_ms: quantile(times, 1),
    thousand_errors: countErrors(all),
  };
}

/** GET without a body, POST with one. A broken connection counts as status 0. */
function send({ url, agent, headers }: Target, body?: string): Promise<Reply> {
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

function drawBodies(description: UseCaseResponse, count: number, instances: number): string[] {
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

function countErrors(replies: readonly Reply[]): number {
  return replies.filter(({ status }) => status !== 200).length;
}

/** The smallest value that at least `part` of the values do not exceed, to a hundredth. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return Number((sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN).toFixed(2));
}
