import type { IncomingMessage } from 'node:http';
import { localAccount } from '../service.ts';
import type { MatchedRoute } from './routes.ts';

export interface RequestFacts {
  readonly apiId: string;
  readonly requestId: string;
  readonly at: Date;
  readonly body: Buffer;
  /** What the authorizer said of the caller. */
  readonly authorizerContext: Readonly<Record<string, unknown>> | undefined;
}

/** What a function answers with. Anything without a status is a body to be sent as JSON. */
export interface FunctionAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/**
 * Writes a request down as API Gateway's payload format 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestEvent(request: IncomingMessage, { route, parameters }: MatchedRoute, facts: RequestFacts) {
  const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split('?', 2);
  const { cookie, ...headers } = request.headers;
  const isBase64Encoded = facts.body.length > 0 && !isText(headers['content-type']);
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath,
    rawQueryString,
    cookies: cookie?.split(/;\s*/),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')])),
    queryStringParameters: readQuery(rawQueryString),
    pathParameters: Object.keys(parameters).length > 0 ? parameters : undefined,
    requestContext: {
      accountId: localAccount,
      apiId: facts.apiId,
      authorizer: facts.authorizerContext && { lambda: facts.authorizerContext },
      domainName: headers.host ?? '',
      domainPrefix: facts.apiId,
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: facts.requestId,
      routeKey: route.key,
      stage: '$default',
      time: commonLogTime(facts.at),
      timeEpoch: facts.at.getTime(),
    },
    body: facts.body.length > 0 ? facts.body.toString(isBase64Encoded ? 'base64' : 'utf8') : undefined,
    isBase64Encoded,
  };
}

/** Reads what a function returned as an HTTP answer. */
export function readAnswer(returned: unknown): FunctionAnswer {
  if (typeof returned === 'object' && returned !== null && 'statusCode' in returned) return returned as FunctionAnswer;
  const body = typeof returned === 'string' ? returned : JSON.stringify(returned);
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function commonLogTime(at: Date): string {
  const iso = at.toISOString();
  return `${iso.slice(8, 10)}/${months[at.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

/** Whether API Gateway passes a body of this type as it is; any other goes in base64, a form too. */
function isText(contentType: string | undefined): boolean {
  return /^(text\/|application\/(.+\+)?(json|xml|javascript))/.test(contentType ?? 'text/plain');
}

function readQuery(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}
