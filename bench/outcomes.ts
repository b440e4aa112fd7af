import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { connectEndpoint, type EndpointClient } from '../cli/endpoint-client.ts';
import type { Instance } from '../contracts/http.ts';
import type { OutcomeMessage } from '../contracts/outcomes.ts';
import { createRandom } from '../ml/random.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';

const perRequest = 1_000;

/** Tells a live endpoint (`npm start` in another terminal) the outcomes of predictions that it has just made, a thousand a request. */
export default async function outcomes(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      endpoint: { type: 'string', default: 'http://127.0.0.1:3000' },
      'use-case': { type: 'string', default: 'bank-marketing' },
      key: { type: 'string' },
      state: { type: 'string', default: '.perennial' },
      outcomes: { type: 'string', default: '20000' },
      connections: { type: 'string', default: '2' },
    },
  });
  const id = values['use-case'];
  const key = values.key ?? readFileSync(`${values.state}/development-key`, 'utf8').trim();
  const client = connectEndpoint(values.endpoint, key);
  const messages = await predict(client, id, Number(values.outcomes));
  const blocks = divide(messages);
  const begun = performance.now();
  const counts: Record<string, number> = {};
  const tell = async () => {
    for (let block = blocks.pop(); block; block = blocks.pop()) {
      for (const { result } of await client.sendOutcomes(id, block)) counts[result] = (counts[result] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: Number(values.connections) }, tell));
  const seconds = (performance.now() - begun) / 1_000;
  return { use_case: id, outcomes: messages.length, seconds: Math.round(seconds * 100) / 100, ...counts };
}

async function predict(client: EndpointClient, id: string, count: number): Promise<OutcomeMessage[]> {
  const { source } = await loadUseCase(id, [id]);
  const random = createRandom(1);
  const messages: OutcomeMessage[] = [];
  while (messages.length < count) {
    const size = Math.min(perRequest, count - messages.length);
    const instances = Array.from({ length: size }, (): Instance => source.synthetic.draw(random));
    const observedAt = new Date().toISOString();
    for (const { predictionId } of await client.predict(id, instances)) {
      messages.push({ predictionId, label: random.uniform() < 0.1, observedAt });
    }
  }
  return messages;
}

function divide(messages: readonly OutcomeMessage[]): OutcomeMessage[][] {
  return Array.from({ length: Math.ceil(messages.length / perRequest) }, (_, block) =>
    messages.slice(block * perRequest, (block + 1) * perRequest),
  );
}
