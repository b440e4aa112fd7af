import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { close, listen } from '../loopback.ts';
import { ServiceError } from '../service.ts';
import { Gatekeeper } from './authorize.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { readAnswer, requestEvent } from './event.ts';
import { type Api, type MatchedRoute, routeMatcher } from './routes.ts';
import { tokenBucket } from './throttle.ts';

export interface HttpApiOptions {
  readonly api: Api;
  /** 0 = any free one. */
  readonly port: number;
  /** Runs a function. Rejects when it fails, as when it throws, ends or takes too long; with a ServiceError of status 413 when the payload is too large for it. */
  readonly invoke: (functionArn: string, payload: object) => Promise<unknown>;
  readonly now: () => Date;
}

export interface HttpApi {
  /** Without a slash at its end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** API Gateway's own limits: bytes of a body, and milliseconds that an integration may take. */
const bodyLimit = 10 * 1024 * 1024;
const integrationTimeout = 30_000;

/** API Gateway's own errors, which tell no more than their status. */
const messages: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Thrown inside to answer with one of API Gateway's own errors. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number) {
    super(messages[status]);
    this.status = status;
  }
}

/** Serves an HTTP API on loopback: routes, authorizers, throttling and function integrations as API Gateway does them. @throws {PortInUseError} */
export async function startHttpApi({ api, port, invoke, now }: HttpApiOptions): Promise<HttpApi> {
  const match = routeMatcher(api.routes);
  const gatekeeper = new Gatekeeper(invoke);
  const admitAll = api.throttle ? tokenBucket(api.throttle) : () => true;
  const admitOne = new Map(api.routes.map(({ key, throttle }) => [key, throttle ? tokenBucket(throttle) : admitAll]));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const crossOrigin = api.cors && corsHeaders(api.cors, request.headers.origin);
    try {
      if (api.cors && isPreflight(request)) {
        request.resume();
        return send(response, requestId, { statusCode: 204, headers: preflightHeaders(api.cors) }, crossOrigin);
      }
      const matched = match(request.method ?? 'GET', (request.url ?? '/').split('?', 1)[0]!);
      if (!matched) throw new Refusal(404);
      if (!admitOne.get(matched.route.key)!()) throw new Refusal(429);
      const body = await readBody(request);
      const authorizerContext = await authorize(request, matched, requestId);
      const facts = { apiId: api.id, requestId, at: now(), body, authorizerContext };
      const event = requestEvent(request, matched, facts);
      send(response, requestId, await integrate(matched.route.functionArn, event), crossOrigin);
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500;
      const body = JSON.stringify({ message: messages[status] });
      send(
        response,
        requestId,
        { statusCode: status, headers: { 'content-type': 'application/json' }, body },
        crossOrigin,
      );
    }
  }

  async function authorize(request: IncomingMessage, matched: MatchedRoute, requestId: string) {
    const { authorizer } = matched.route;
    if (!authorizer) return undefined;
    const facts = { apiId: api.id, requestId, at: now(), body: Buffer.alloc(0), authorizerContext: undefined };
    const authorization = await gatekeeper.authorize(
      authorizer,
      request.headers,
      requestEvent(request, matched, facts),
    );
    if (!authorization.allowed) throw new Refusal(authorization.status);
    return authorization.context;
  }

  async function integrate(functionArn: string, event: object) {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Refusal(503)), integrationTimeout);
    });
    try {
      return readAnswer(await Promise.race([invoke(functionArn, event), timeout]));
    } catch (error) {
      // Lambda takes less than the API does.
      throw error instanceof ServiceError && error.status === 413 ? new Refusal(413) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  return { url: await listen(server, port), stop: () => close(server) };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // The rest is read and dropped, so that the caller gets to see the answer.
    if (length <= bodyLimit) chunks.push(chunk);
  }
  if (length > bodyLimit) throw new Refusal(413);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function send(
  response: ServerResponse,
  requestId: string,
  answer: ReturnType<typeof readAnswer>,
  crossOrigin: Readonly<Record<string, string>> = {},
): void {
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = answer;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  response.writeHead(statusCode, {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
    ...(cookies.length > 0 ? { 'set-cookie': [...cookies] } : {}),
    ...crossOrigin,
    'content-length': bytes.length,
    'apigw-requestid': requestId,
  });
  response.end(bytes);
}
