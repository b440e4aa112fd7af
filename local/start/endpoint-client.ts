import type { Instance, Prediction, PredictResponse, UseCaseResponse } from '../../contracts/http.ts';

/** Thrown when the HTTP API answers with an error. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';

  constructor(method: string, url: string, status: number, body: string) {
    super(`${method} ${url} answered ${status}: ${body.slice(0, 1_000)}`);
  }
}

/** The HTTP API as a caller with an access key sees it. */
export interface EndpointClient {
  /** @throws {EndpointError} */
  describe(useCase: string): Promise<UseCaseResponse>;
  /** @throws {EndpointError} */
  predict(useCase: string, instance: Instance): Promise<Prediction>;
}

/** Connects to the HTTP API. */
export function connectEndpoint(url: string, key: string): EndpointClient {
  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (!response.ok) throw new EndpointError(method, `${url}${path}`, response.status, await response.text());
    return response.json() as Promise<Answer>;
  }
  return {
    describe: useCase => call('GET', `/use-cases/${useCase}`),
    async predict(useCase, instance) {
      const { predictions } = await call<PredictResponse>('POST', `/use-cases/${useCase}/predictions`, {
        instances: [instance],
      });
      return predictions[0]!;
    },
  };
}
