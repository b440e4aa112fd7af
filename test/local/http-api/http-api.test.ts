import { request } from 'node:http';
import { type HttpApi, startHttpApi } from '../../../local/http-api/http-api.ts';
import type { Api, Authorizer } from '../../../local/http-api/routes.ts';
import { ServiceError } from '../../../local/service.ts';

const authorizer: Authorizer = {
  id: 'keys',
  functionArn: 'authorize',
  identityHeaders: ['authorization'],
  cacheSeconds: 60,
};

const api: Api = {
  id: 'api',
  throttle: undefined,
  routes: [
    { key: 'GET /health', functionArn: 'health', authorizer: undefined },
    { key: 'GET /things/{thing}', functionArn: 'echo', authorizer },
    { key: 'GET /things/all', functionArn: 'all', authorizer: undefined },
    { key: 'POST /things', functionArn: 'echo', authorizer: undefined },
    { key: 'GET /broken', functionArn: 'broken', authorizer: undefined },
    { key: 'GET /plain', functionArn: 'plain', authorizer: undefined },
    { key: 'POST /narrow', functionArn: 'narrow', authorizer: undefined },
  ],
};

let invoked: { functionArn: string; event: Event }[] = [];
let server: HttpApi;

beforeEach(async () => {
  invoked = [];
  server = await startApi(api);
});
afterEach(() => server.stop());

test('answers 404 in the words of API Gateway where no route is', async () => {
  const response = await fetch(`${server.url}/nowhere`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ message: 'Not Found' });
});

test('a path with a slash at its end is another path', async () => {
  expect((await fetch(`${server.url}/health/`)).status).toBe(404);
  expect((await fetch(`${server.url}/health?a=/`)).status).toBe(200);
});

test('a fixed word wins over a parameter', async () => {
  await fetch(`${server.url}/things/all`);
  expect(invoked.map(({ functionArn }) => functionArn)).toEqual(['all']);
});

test('hands the function an event of payload format 2.0', async () => {
  await fetch(`${server.url}/things?a=1&a=2&b=%20`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-Mine': 'Yes' },
    body: '{"ä":1}',
  });
  expect(invoked[0]!.event).toMatchObject({
    version: '2.0',
    routeKey: 'POST /things',
    rawPath: '/things',
    rawQueryString: 'a=1&a=2&b=%20',
    queryStringParameters: { a: '1,2', b: ' ' },
    headers: { 'x-mine': 'Yes' },
    requestContext: { http: { method: 'POST', path: '/things', sourceIp: '127.0.0.1' } },
    body: '{"ä":1}',
    isBase64Encoded: false,
  });
});

test('encodes a binary body in base64', async () => {
  await fetch(`${server.url}/things`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array([1, 2]),
  });
  expect(invoked[0]!.event).toMatchObject({ body: 'AQI=', isBase64Encoded: true });
});

test('answers 401 without asking the authorizer when no key is sent', async () => {
  const response = await fetch(`${server.url}/things/1`);
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ message: 'Unauthorized' });
  expect(invoked).toEqual([]);
});

test('answers 403 when the authorizer says no', async () => {
  const response = await fetch(`${server.url}/things/1`, { headers: { authorization: 'Bearer wrong' } });
  expect(response.status).toBe(403);
  expect(await response.json()).toEqual({ message: 'Forbidden' });
});

test('asks the authorizer once for a key and passes its context on', async () => {
  for (const thing of ['one', 'two%20words']) {
    await fetch(`${server.url}/things/${thing}`, { headers: { authorization: 'Bearer right' } });
  }
  expect(invoked.map(({ functionArn }) => functionArn)).toEqual(['authorize', 'echo', 'echo']);
  expect(invoked[2]!.event).toMatchObject({
    pathParameters: { thing: 'two words' },
    requestContext: { authorizer: { lambda: { keyId: 'k1' } } },
  });
});

test('answers 500 and tells nothing when a function fails', async () => {
  const response = await fetch(`${server.url}/broken`);
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ message: 'Internal Server Error' });
});

test('sends what has no status as JSON', async () => {
  const response = await fetch(`${server.url}/plain`);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({ just: 'this' });
});

test('answers 413 to a body over 10 MB', async () => {
  const response = await fetch(`${server.url}/things`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
  expect(response.status).toBe(413);
  expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
});

test('answers 413 to a body that the function cannot take', async () => {
  const response = await fetch(`${server.url}/narrow`, { method: 'POST', body: 'x' });
  expect(response.status).toBe(413);
  expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
});

test('answers 429 once the burst is spent', async () => {
  await using throttled = disposable(await startApi({ ...api, throttle: { rate: 0.001, burst: 2 } }));
  const statuses: number[] = [];
  for (let call = 0; call < 3; call++) statuses.push((await fetch(`${throttled.url}/health`)).status);
  expect(statuses).toEqual([200, 200, 429]);
});

test('answers 429 once the burst of a route is spent, and others go on', async () => {
  const routes = api.routes.map(route =>
    route.key === 'GET /health' ? { ...route, throttle: { rate: 0.001, burst: 1 } } : route,
  );
  await using throttled = disposable(await startApi({ ...api, routes, throttle: { rate: 0.001, burst: 5 } }));
  const statuses: number[] = [];
  for (const path of ['/health', '/health', '/plain']) statuses.push((await fetch(`${throttled.url}${path}`)).status);
  expect(statuses).toEqual([200, 429, 200]);
});

test('the more specific route wins, and $default takes the rest', async () => {
  const route = (key: string) => ({ key, functionArn: key, authorizer: undefined });
  const keys = ['ANY /a/{rest+}', 'GET /a/{b}', 'ANY /a/{b}', 'GET /a/b', 'GET /a/{b}/c', '$default'];
  await using routed = disposable(await startApi({ ...api, routes: keys.map(route) }));
  const asked = ['GET /a/b', 'GET /a/x', 'POST /a/x', 'GET /a/x/c', 'GET /a/x/y', 'PUT /elsewhere'];
  for (const request of asked) {
    const [method, path] = request.split(' ');
    await fetch(`${routed.url}${path}`, { method });
  }
  expect(invoked.map(({ functionArn }) => functionArn)).toEqual([
    'GET /a/b',
    'GET /a/{b}',
    'ANY /a/{b}',
    'GET /a/{b}/c',
    'ANY /a/{rest+}',
    '$default',
  ]);
});

test('answers a preflight itself, and lets the allowed origin read what follows', async () => {
  const cors = {
    AllowOrigins: ['https://app.test'],
    AllowMethods: ['GET'],
    AllowHeaders: ['authorization'],
    MaxAge: 60,
  };
  await using shared = disposable(await startApi({ ...api, cors }));
  const origin = 'https://app.test';
  const preflight = await fetch(`${shared.url}/health`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'GET' },
  });
  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET',
    'access-control-allow-headers': 'authorization',
    'access-control-max-age': '60',
  });
  const read = async (from: string) =>
    (await fetch(`${shared.url}/health`, { headers: { origin: from } })).headers.get('access-control-allow-origin');
  expect([await read(origin), await read('https://other.test')]).toEqual([origin, null]);
});

test('listens on loopback alone', async () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('a connection that breaks off in the middle of a body harms nobody else', async () => {
  const broken = request(`${server.url}/things`, { method: 'POST', headers: { 'content-length': 100 } });
  broken.on('error', () => undefined);
  await new Promise<void>(resolve => broken.write('{', () => resolve()));
  broken.destroy();
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

type Event = Record<string, unknown> & { headers: Record<string, string> };

function startApi(served: Api): Promise<HttpApi> {
  return startHttpApi({ api: served, port: 0, now: () => new Date(0), invoke });
}

async function invoke(functionArn: string, payload: object): Promise<unknown> {
  const event = payload as Event;
  invoked.push({ functionArn, event });
  if (functionArn === 'authorize')
    return { isAuthorized: event.headers.authorization === 'Bearer right', context: { keyId: 'k1' } };
  if (functionArn === 'broken') throw new Error('secret detail');
  if (functionArn === 'narrow') throw new ServiceError('RequestTooLargeException', 'Request must be smaller', 413);
  if (functionArn === 'plain') return { just: 'this' };
  return { statusCode: 200, body: '{}' };
}

function disposable(started: HttpApi) {
  return { url: started.url, [Symbol.asyncDispose]: () => started.stop() };
}
