import { predictLimits } from '../../contracts/http.ts';
import { byRoute, HttpAnswer, http } from '../../lambdas/http.ts';
import { call } from './http-event.ts';

const echo = http({ scope: 'predict', json: true }, async request => ({ ...request }));
const post = { route: 'POST /echo', scopes: ['predict'] as const };

describe('a route', () => {
  test('answers with JSON', async () => {
    const { status, headers, body } = await call(echo, { ...post, parameters: { id: '1' }, body: { a: ['ü'] } });
    expect(status).toBe(200);
    expect(headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    expect(body).toEqual({
      parameters: { id: '1' },
      query: {},
      headers: { 'content-type': 'application/json' },
      body: { a: ['ü'] },
      keyId: 'key-1',
    });
  });

  test('may answer with another status, more headers, or text', async () => {
    const begun = http({}, async () => new HttpAnswer({ a: 1 }, { status: 202, headers: { location: '/a' } }));
    await expect(call(begun, {})).resolves.toMatchObject({
      status: 202,
      headers: { 'content-type': 'application/json', location: '/a' },
      body: { a: 1 },
    });
    const told = http({}, async () => new HttpAnswer('# a', { headers: { 'content-type': 'text/markdown' } }));
    await expect(call(told, {})).resolves.toMatchObject({ status: 200, body: '# a' });
  });

  test('knows what stands behind the question mark', async () => {
    const open = http({}, async ({ query }) => query);
    await expect(call(open, { query: { limit: '5' } })).resolves.toMatchObject({ body: { limit: '5' } });
  });

  test('may share a function with others', async () => {
    const both = byRoute({ 'GET /a': http({}, async () => ({ a: 1 })), 'GET /b': http({}, async () => ({ b: 2 })) });
    await expect(call(both, { route: 'GET /b' })).resolves.toMatchObject({ body: { b: 2 } });
  });

  test('may tell errors as the Open Inference Protocol does', async () => {
    const open = http({ json: true, errorForm: 'open inference' }, async () => ({}));
    const { status, headers, body } = await call(open, { body: '{' });
    expect(status).toBe(400);
    expect(headers).toMatchObject({ 'content-type': 'application/json' });
    expect(body).toEqual({ error: expect.stringContaining('JSON') });
  });

  test('decodes a body that API Gateway encoded', async () => {
    await expect(call(echo, { ...post, body: '{"a":1}', base64: true })).resolves.toMatchObject({
      body: { body: { a: 1 } },
    });
  });

  test('does not look at the body when it takes none', async () => {
    const open = http({}, async ({ body }) => ({ isAbsent: body === undefined }));
    await expect(call(open, { body: '{' })).resolves.toMatchObject({ status: 200, body: { isAbsent: true } });
  });

  test.each([
    ['not JSON', '{"a":', false],
    ['empty', '', false],
    ['absent', undefined, false],
    ['not UTF-8', '"\xff"', true],
  ])('refuses a body that is %s', async (_, body, base64) => {
    const { status, headers, body: problem } = await call(echo, { ...post, body, base64 });
    expect(status).toBe(400);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(problem).toEqual({
      type: 'urn:perennial:problem:invalid-json',
      title: 'The body is not JSON',
      status: 400,
      detail: expect.any(String),
    });
  });

  test('refuses a body over the limit, counted in bytes', async () => {
    const limit = predictLimits.bodyBytes;
    const exact = `"${'x'.repeat(limit - 2)}"`;
    await expect(call(echo, { ...post, body: exact })).resolves.toMatchObject({ status: 200 });
    await expect(call(echo, { ...post, body: exact.replace('xx', 'ü ') })).resolves.toMatchObject({
      status: 413,
      body: { detail: `The body has ${limit + 1} bytes; at most ${limit} are accepted` },
    });
  });

  test.each([
    [['view', 'operate'] as const, 'this one has view, operate'],
    [[] as const, 'this one has none'],
    [undefined, 'this one has none'],
  ])('refuses a key with the scopes %j', async (scopes, words) => {
    await expect(call(echo, { ...post, scopes, body: {} })).resolves.toMatchObject({
      status: 403,
      body: { status: 403, detail: `This route needs an access key with the scope "predict"; ${words}` },
    });
  });

  test('looks at the key before the body', async () => {
    await expect(call(echo, { ...post, scopes: [], body: '{' })).resolves.toMatchObject({ status: 403 });
  });
});

describe('an unexpected error', () => {
  const broken = http({}, async () => {
    throw new Error('table users is on fire', { cause: new TypeError('no water') });
  });

  test('tells its caller nothing but the id of the request', async () => {
    const { status, headers, body } = await call(broken, {});
    expect(status).toBe(500);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(body).toEqual({
      type: 'urn:perennial:problem:internal-error',
      title: 'The request failed',
      status: 500,
      detail: 'This is not your fault. It was logged as request request-1',
    });
  });

  test('is logged whole, with the request it belongs to', async () => {
    const { lines } = await call(broken, { route: 'GET /things/{id}', parameters: { id: '7' } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'ERROR',
      message: 'Request failed',
      requestId: 'request-1',
      route: 'GET /things/{id}',
      parameters: { id: '7' },
      error: {
        message: 'table users is on fire',
        stack: expect.stringContaining('http.test'),
        cause: { message: 'no water' },
      },
    });
  });

  test("does not get into the next request's log", async () => {
    await call(broken, { parameters: { id: '7' }, scopes: ['view'] });
    const { lines } = await call(broken, { route: 'GET /open' });
    expect(lines[0]).not.toHaveProperty('parameters');
    expect(lines[0]).not.toHaveProperty('keyId');
  });
});
