import type { Instance, Prediction } from '../../../contracts/http.ts';
import type { OutcomeMessage } from '../../../contracts/outcomes.ts';
import { readClock } from '../../../lifecycle/clock.ts';
import { type SimulateOptions, type SimulationEndpoint, simulate } from '../../../lifecycle/simulation/simulate.ts';
import telcoChurn from '../../../use-cases/telco-churn.ts';

/** An endpoint that knows the law, fails every tenth request if it shall, and remembers what it was sent. */
class OmniscientEndpoint implements SimulationEndpoint {
  readonly instances: Instance[] = [];
  readonly outcomes: OutcomeMessage[] = [];
  readonly requests: number[] = [];
  failing = false;

  async predict(_useCase: string, instances: readonly Instance[]): Promise<Prediction[]> {
    this.instances.push(...instances);
    if (this.failing && this.instances.length % 10 === 0) throw new Error('The endpoint answered 503');
    const { law } = telcoChurn.source.synthetic;
    return instances.map(instance => ({
      predictionId: String(instance.customer_id),
      probability: law(instance as Parameters<typeof law>[0]),
      decision: false,
      threshold: 0.5,
      version: 3,
      variant: 'champion',
      imputed: [],
      unseen: [],
    }));
  }

  async sendOutcomes(_useCase: string, outcomes: readonly OutcomeMessage[]) {
    this.requests.push(outcomes.length);
    this.outcomes.push(...outcomes);
    return outcomes.map(({ predictionId }) => ({ result: 'accepted', outcomeId: predictionId! }) as const);
  }
}

const clock = readClock({ CLOCK_SPEED: '100000', CLOCK_ORIGIN: String(Date.now()) });

function options(endpoint: SimulationEndpoint, changes: Partial<SimulateOptions> = {}): SimulateOptions {
  const population = telcoChurn.source.synthetic;
  const usual = { requests: 400, labelDelayMs: 0, labelCoverage: 1, seed: 1 };
  return { endpoint, clock, useCase: telcoChurn, population, ...usual, ...changes };
}

test('clients ask once each, and all outcomes are told in few requests', async () => {
  const endpoint = new OmniscientEndpoint();
  const simulation = await simulate(options(endpoint));
  expect(simulation).toMatchObject({ requests: 400, answered: 400, failed: 0, failure: null, unseen: 0 });
  expect(simulation).toMatchObject({ versions: { 3: 400 }, variants: { champion: 400 }, outcomes: { accepted: 400 } });
  expect(new Set(endpoint.instances.map(instance => instance.customer_id)).size).toBe(400);
  expect(endpoint.requests.length).toBeLessThan(10);
  expect(simulation.rocAuc).toBeGreaterThan(0.8);
  const told = endpoint.outcomes.filter(({ label }) => label === 'Yes').length;
  expect(told / 400).toBe(simulation.positives);
});

test('the same seed makes the same clients and outcomes', async () => {
  const [first, again, other] = [new OmniscientEndpoint(), new OmniscientEndpoint(), new OmniscientEndpoint()];
  await simulate(options(first));
  await simulate(options(again));
  await simulate(options(other, { seed: 2 }));
  expect(again.instances).toEqual(first.instances);
  expect(again.outcomes.map(({ label }) => label)).toEqual(first.outcomes.map(({ label }) => label));
  expect(other.instances).not.toEqual(first.instances);
});

test('a share of the outcomes is told, and each only when its delay is over', async () => {
  const endpoint = new OmniscientEndpoint();
  const started = clock.now();
  const day = 86_400_000;
  const { outcomes } = await simulate(options(endpoint, { labelCoverage: 0.5, labelDelayMs: day }));
  expect(outcomes.accepted / 400).toBeCloseTo(0.5, 0.9);
  for (const { observedAt } of endpoint.outcomes) {
    expect(Date.parse(observedAt) - started.getTime()).toBeGreaterThanOrEqual(day);
    expect(Date.parse(observedAt)).toBeLessThanOrEqual(clock.now().getTime());
  }
});

test('a request that fails is counted, and its outcome never told', async () => {
  const endpoint = new OmniscientEndpoint();
  endpoint.failing = true;
  const simulation = await simulate(options(endpoint));
  expect(simulation).toMatchObject({ requests: 400, answered: 360, failed: 40, outcomes: { accepted: 360 } });
  expect(simulation.failure).toBe('The endpoint answered 503');
});

test('progress is told up to the last outcome', async () => {
  const told: unknown[] = [];
  await simulate(options(new OmniscientEndpoint(), { onProgress: progress => told.push(progress) }));
  expect(told.at(-1)).toEqual({ answered: 400, failed: 0, outcomes: 400 });
});

test('clients come at the rate that is asked for', async () => {
  const simulation = await simulate(options(new OmniscientEndpoint(), { requests: 50, rate: 100 }));
  expect(simulation.seconds).toBeGreaterThanOrEqual(0.49);
});

test('an endpoint that takes no outcomes ends the simulation with what it said', async () => {
  const endpoint = new OmniscientEndpoint();
  endpoint.sendOutcomes = () => Promise.reject(new Error('The endpoint answered 403'));
  await expect(simulate(options(endpoint))).rejects.toThrow('The endpoint answered 403');
});
