import { Logger } from '@aws-lambda-powertools/logger';
import middy, { type MiddlewareObj } from '@middy/core';
import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { predictLimits, type Scope } from '../contracts/http.ts';
import { BodyTooLargeError, InvalidJsonError, MissingScopeError } from './http-errors.ts';
import { type ErrorForm, toErrorResponse } from './http-problem.ts';

/** What the authorizer says of the access key that a request carries. */
export interface AuthorizerContext {
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}

export interface HttpRoute {
  /** What the access key must be allowed to do. @default - nothing: the route is open */
  readonly scope?: Scope;
  /** Whether the request has a JSON body. @default false */
  readonly json?: boolean;
  /** @default 'problem details' */
  readonly errorForm?: ErrorForm;
}

export interface HttpRequest {
  /** Values of the path's `{…}`. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** What stands behind the `?`; of a name that is given twice, both values with a comma between them. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The decoded JSON body; undefined where the route has none. */
  readonly body: unknown;
  /** Id of the access key that the request carries; '' on an open route. */
  readonly keyId: string;
}

/** What a route answers with where it is not JSON, or its status is not 200. */
export class HttpAnswer {
  /** Text as it is sent, with its content type among the headers, or what is sent as JSON. */
  readonly body: object | string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    body: object | string,
    { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
  ) {
    this.body = body;
    this.status = status;
    this.headers = headers;
  }
}

type Event = APIGatewayProxyEventV2WithLambdaAuthorizer<AuthorizerContext | undefined>;
type Middleware = MiddlewareObj<Event, APIGatewayProxyStructuredResultV2>;

/** Answers a request of the HTTP API. */
export type HttpHandler = (event: Event, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** The log of this function; its entries name the request. */
export const logger = new Logger({ serviceName: 'perennial' });

/**
 * Wraps what a route of the HTTP API does: checks the access key's scope, decodes the body, answers with JSON, turns errors into problem details (RFC 9457)
 * or the route's own form, and logs those that are not the caller's whole.
 *
 * @param act returns the body of the answer, or a whole one
 */
export function http(route: HttpRoute, act: (request: HttpRequest) => Promise<object | HttpAnswer>): HttpHandler {
  return middy<Event, APIGatewayProxyStructuredResultV2, Error, Context>({ timeoutEarlyInMillis: 0 })
    .use(logging())
    .use(errors(route.errorForm))
    .use(scopeCheck(route.scope))
    .handler(async event => {
      const body = route.json ? decodeJson(event) : undefined;
      const answer = await act({
        parameters: event.pathParameters ?? {},
        query: event.queryStringParameters ?? {},
        headers: event.headers,
        body,
        keyId: event.requestContext.authorizer?.lambda?.keyId ?? '',
      });
      return toResponse(answer instanceof HttpAnswer ? answer : new HttpAnswer(answer));
    });
}

function toResponse({ body, status, headers }: HttpAnswer): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/**
 * Makes one handler of several routes.
 *
 * @param handlers by route, as `GET /use-cases/{useCase}`: each that the function is deployed for
 */
export function byRoute(handlers: Readonly<Record<string, HttpHandler>>): HttpHandler {
  return (event, context) => handlers[event.routeKey]!(event, context);
}

function logging(): Middleware {
  return {
    before: ({ event, context }) => {
      logger.addContext(context);
      logger.resetKeys();
      logger.appendKeys({
        route: event.routeKey,
        parameters: event.pathParameters,
        requestId: event.requestContext.requestId,
        keyId: event.requestContext.authorizer?.lambda?.keyId,
      });
    },
    onError: ({ error, response }) => {
      const status = response?.statusCode ?? 500;
      if (status === 500) logger.error('Request failed', error as Error);
      else logger[status > 500 ? 'warn' : 'info']('Request refused', { status, detail: error?.message });
    },
  };
}

function errors(form: ErrorForm = 'problem details'): Middleware {
  return {
    onError: request => {
      request.response = toErrorResponse(request.error, request.event.requestContext.requestId, form);
    },
  };
}

function scopeCheck(needed: Scope | undefined): Middleware {
  return {
    before: ({ event }) => {
      const granted = event.requestContext.authorizer?.lambda?.scopes ?? [];
      if (needed !== undefined && !granted.includes(needed)) throw new MissingScopeError(needed, granted);
    },
  };
}

function decodeJson({ body = '', isBase64Encoded }: Event): unknown {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > predictLimits.bodyBytes)
    throw new BodyTooLargeError(bytes.byteLength, predictLimits.bodyBytes);
  try {
    return JSON.parse(isBase64Encoded ? new TextDecoder('utf-8', { fatal: true }).decode(bytes) : body);
  } catch (cause) {
    throw new InvalidJsonError((cause as Error).message, { cause });
  }
}
