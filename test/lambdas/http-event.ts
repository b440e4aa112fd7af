import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { Scope } from '../../contracts/http.ts';
import type { AuthorizerContext } from '../../lambdas/http.ts';
import { captureOutput } from './capture-output.ts';

type Event = APIGatewayProxyEventV2WithLambdaAuthorizer<AuthorizerContext | undefined>;

export interface RequestShape {
  /** As the route declares it: `GET /use-cases/{useCase}`. @default 'GET /' */
  readonly route?: string;
  readonly parameters?: Record<string, string>;
  readonly query?: Record<string, string>;
  /** By lower-case name, beside the content type. */
  readonly headers?: Record<string, string>;
  /** What is not a string is sent as JSON. */
  readonly body?: unknown;
  readonly base64?: boolean;
  /** Scopes of the access key. @default - the route is open, there is no key */
  readonly scopes?: readonly Scope[];
}

/** Makes the event that API Gateway sends to a function. */
function httpEvent({
  route = 'GET /',
  parameters,
  query,
  headers,
  body,
  base64 = false,
  scopes,
}: RequestShape = {}): Event {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const [method, path] = route.split(' ') as [string, string];
  return {
    version: '2.0',
    routeKey: route,
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', ...headers },
    pathParameters: parameters,
    queryStringParameters: query,
    isBase64Encoded: base64,
    body: base64 && text !== undefined ? Buffer.from(text, 'latin1').toString('base64') : text,
    requestContext: {
      requestId: 'request-1',
      routeKey: route,
      stage: '$default',
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      time: '',
      timeEpoch: 0,
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      authorizer: { lambda: scopes && { keyId: 'key-1', scopes } },
    },
  };
}

type Handler = (event: Event, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  /** Decoded where it is JSON. */
  readonly body: Body;
  /** What the function logged: log entries and metrics. */
  readonly lines: Record<string, unknown>[];
}

/** Calls a handler as API Gateway does and decodes its answer. */
export async function call<Body = Record<string, unknown>>(
  handler: Handler,
  request: RequestShape,
): Promise<Answer<Body>> {
  const { result, lines } = await captureOutput(() => handler(httpEvent(request), lambdaContext));
  const { statusCode, headers = {}, body = '' } = result;
  const isJson = String(headers['content-type']).endsWith('json');
  return { status: statusCode!, headers, body: isJson ? JSON.parse(body) : body, lines };
}

const lambdaContext = {
  functionName: 'function',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:function',
  memoryLimitInMB: '1024',
  awsRequestId: 'invocation-1',
  getRemainingTimeInMillis: () => 30_000,
} as Context;
