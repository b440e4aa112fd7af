import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  connect,
  countErrors,
  drawBodies,
  endpointOptions,
  type Reply,
  send,
  type Target,
} from './endpoint/requests.ts';

/** Requests of which nothing is counted. */
const warmUpRequests = 200;
const pacedRate = 50;
const largeRequests = 10;

/**
 * Loads a live endpoint (`npm start` in another terminal): one instance a request at 50 requests a second, then as many as it takes over `--connections`,
 * then 1,000 instances a request. Predictions are logged as always.
 */
export default async function predict(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      ...endpointOptions,
      seconds: { type: 'string', default: '10' },
      connections: { type: 'string', default: '8' },
    },
  });
  const seconds = Number(values.seconds);
  const { target, description } = await connect(values);
  const bodies = drawBodies(description, 1_000, 1);
  try {
    for (let index = 0; index < warmUpRequests; index++) await send(target, bodies[index]);
    const paced = await runPaced(target, bodies, seconds);
    const full = await runFull(target, bodies, seconds, Number(values.connections));
    const large = await runLarge(target, drawBodies(description, largeRequests, 1_000));
    return { use_case: values['use-case'], version: description.version, ...paced, ...full, ...large };
  } finally {
    target.agent.destroy();
  }
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

/** The smallest value that at least `part` of the values do not exceed, to a hundredth. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return Number((sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN).toFixed(2));
}
