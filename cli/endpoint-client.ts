import type { Instance, Prediction, PredictResponse, Problem } from '../contracts/http.ts';
import type { OutcomeMessage, OutcomeResult, OutcomesResponse } from '../contracts/outcomes.ts';

/** Thrown when the HTTP API refuses a request, or does not answer. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
}

/** The HTTP API, as whoever holds an access key sees it. */
export interface EndpointClient {
  /** @throws {EndpointError} */
  get<Answer>(path: string): Promise<Answer>;
  /** @throws {EndpointError} */
  predict(useCase: string, instances: readonly Instance[]): Promise<readonly Prediction[]>;
  /** @throws {EndpointError} */
  sendOutcomes(useCase: string, outcomes: readonly OutcomeMessage[]): Promise<readonly OutcomeResult[]>;
}

/** Connects to the HTTP API at a base address. */
export function connectEndpoint(endpoint: string, key: string): EndpointClient {
  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${endpoint}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    }).catch(error => {
      throw new EndpointError(`Nothing answers at ${endpoint}`, { cause: error });
    });
    if (!response.ok) throw new EndpointError(describeFailure(response.status, await response.text()));
    return (await response.json()) as Answer;
  }
  return {
    get: path => call('GET', path),
    async predict(useCase, instances) {
      const { predictions } = await call<PredictResponse>('POST', `/use-cases/${useCase}/predictions`, { instances });
      return predictions;
    },
    async sendOutcomes(useCase, outcomes) {
      const path = `/use-cases/${useCase}/outcomes`;
      return (await call<OutcomesResponse>('POST', path, { outcomes })).outcomes;
    },
  };
}

/** What a problem document, or API Gateway's own message, says. */
function describeFailure(status: number, body: string): string {
  const problem = parse(body);
  const summary = problem?.detail ?? problem?.title ?? problem?.message ?? body.slice(0, 500);
  // A problem with one error says it in its detail already.
  const errors = (problem?.errors ?? [])
    .filter(({ detail }) => !summary.includes(detail))
    .map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`);
  return `The endpoint answered ${status}: ${summary}${errors.join('')}`;
}

function parse(body: string): (Partial<Problem> & { readonly message?: string }) | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
