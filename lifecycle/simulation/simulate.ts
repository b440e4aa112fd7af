import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance, Prediction } from '../../contracts/http.ts';
import type { OutcomeMessage, OutcomeResult } from '../../contracts/outcomes.ts';
import { rocAuc } from '../../ml/metrics/ranking.ts';
import type { Population, UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import { type Client, drawClients } from './draw-clients.ts';
import { OutcomePost } from './outcome-post.ts';

/** The HTTP API, as a simulated client uses it. */
export interface SimulationEndpoint {
  predict(useCase: string, instances: readonly Instance[]): Promise<readonly Prediction[]>;
  sendOutcomes(useCase: string, outcomes: readonly OutcomeMessage[]): Promise<readonly OutcomeResult[]>;
}

export interface SimulateOptions {
  readonly endpoint: SimulationEndpoint;
  readonly clock: Clock;
  readonly useCase: UseCase;
  /** Whom the clients are drawn from, and by whose law they turn out. */
  readonly population: Population;
  readonly requests: number;
  /** Requests a second. @default - as fast as they are answered, eight at a time */
  readonly rate?: number;
  /** Milliseconds from a prediction to its outcome, by the deployment's clock. */
  readonly labelDelayMs: number;
  /** Share of the predictions whose outcome is told, in [0, 1]. */
  readonly labelCoverage: number;
  /** With the population it decides every client and outcome. */
  readonly seed: number;
  /** Told after each answer and each delivery. */
  readonly onProgress?: (progress: SimulationProgress) => void;
}

/** How far a simulation is. */
export interface SimulationProgress {
  readonly answered: number;
  readonly failed: number;
  /** Outcomes told so far. */
  readonly outcomes: number;
}

/** What came of a simulation. */
export interface Simulation {
  readonly useCase: string;
  readonly requests: number;
  readonly answered: number;
  readonly failed: number;
  /** What the first failed request said; null when none failed. */
  readonly failure: string | null;
  readonly seconds: number;
  /** Answers by version and by variant. */
  readonly versions: Readonly<Record<string, number>>;
  readonly variants: Readonly<Record<string, number>>;
  /** Answers that saw a level which the training rows did not have. */
  readonly unseen: number;
  readonly meanProbability: number | null;
  /** Share of those answered who turn out positive, told or not. */
  readonly positives: number | null;
  /** ROC AUC of the answers against how their clients turn out, told or not; null where all turn out alike. */
  readonly rocAuc: number | null;
  /** Outcomes told, by what became of them. */
  readonly outcomes: Readonly<Record<OutcomeResult['result'], number>>;
}

/** An answered client. */
interface Answered {
  readonly client: Client;
  readonly prediction: Prediction;
}

/** Lets clients ask for predictions through the real endpoint, and tells their outcomes when the time has come. */
export async function simulate(options: SimulateOptions): Promise<Simulation> {
  const { endpoint, clock, useCase, onProgress } = options;
  const started = performance.now();
  const answered: Answered[] = [];
  const failures: string[] = [];
  const post = new OutcomePost({ ...options, onDelivered: () => tell() });
  const tell = () => onProgress?.({ answered: answered.length, failed: failures.length, outcomes: post.delivered });

  await eachAtPace(drawClients(options), options, async client => {
    try {
      const [prediction] = await endpoint.predict(useCase.id, [client.instance]);
      answered.push({ client, prediction: prediction! });
      if (client.tells) post.add(outcomeOf(useCase, client, prediction!), clock.now());
    } catch (error) {
      failures.push((error as Error).message);
    }
    tell();
  });
  const outcomes = await post.close();
  return { ...summarize(useCase.id, answered, failures), outcomes, seconds: (performance.now() - started) / 1_000 };
}

function outcomeOf({ label }: UseCase, { isPositive }: Client, { predictionId }: Prediction) {
  return { predictionId, label: isPositive ? label.positive : label.negative };
}

/** Requests that are under way at once: a slow answer does not hold up the others, and a fast machine is not flooded. */
const lanes = { unpaced: 8, paced: 64 };

async function eachAtPace(
  clients: readonly Client[],
  { rate }: Pick<SimulateOptions, 'rate'>,
  ask: (client: Client) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  const waiting = clients.entries();
  const lane = async () => {
    for (const [index, client] of waiting) {
      const early = rate === undefined ? 0 : started + (index * 1_000) / rate - performance.now();
      if (early > 0) await sleep(early);
      await ask(client);
    }
  };
  await Promise.all(Array.from({ length: rate === undefined ? lanes.unpaced : lanes.paced }, lane));
}

function summarize(useCase: string, answered: readonly Answered[], failures: readonly string[]) {
  const labels = Uint8Array.from(answered, ({ client }) => Number(client.isPositive));
  const probabilities = Float64Array.from(answered, ({ prediction }) => prediction.probability);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const hasBoth = positives > 0 && positives < labels.length;
  return {
    useCase,
    requests: answered.length + failures.length,
    answered: answered.length,
    failed: failures.length,
    failure: failures[0] ?? null,
    versions: countBy(answered, ({ prediction }) => String(prediction.version)),
    variants: countBy(answered, ({ prediction }) => prediction.variant),
    unseen: answered.filter(({ prediction }) => prediction.unseen.length > 0).length,
    meanProbability: mean(probabilities),
    positives: mean(labels),
    rocAuc: hasBoth ? rocAuc(labels, probabilities) : null,
  };
}

function countBy<Item>(items: readonly Item[], key: (item: Item) => string): Record<string, number> {
  const groups = Object.groupBy(items, key);
  return Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, group!.length]));
}

function mean(values: Uint8Array | Float64Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
