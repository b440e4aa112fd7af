import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLambda, type Lambda, type LambdaFunction } from '../../../local/lambda/lambda.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-lambda-'));
afterAll(() => rmSync(folder, { recursive: true }));

const opened: Lambda[] = [];
afterEach(() => Promise.all(opened.splice(0).map(lambda => lambda.stop())));

/** Runs a module of which the text is given. */
function functionOf(source: string, definition: Partial<LambdaFunction> = {}): (payload?: unknown) => Promise<unknown> {
  const codeFolder = mkdtempSync(join(folder, 'code-'));
  writeFileSync(join(codeFolder, 'index.mjs'), source);
  const lambda = createLambda({
    endpoint: 'http://127.0.0.1:1',
    logFolder: codeFolder,
    variables: { CLOCK_SPEED: '60' },
    functions: [
      {
        name: 'Stack-Echo-1',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-Echo-1',
        label: 'Echo',
        codeFolder,
        handler: 'index.handler',
        memorySizeMb: 128,
        timeoutSeconds: 5,
        variables: { BUCKET: 'b' },
        credentials: { accessKeyId: 'AKIAECHO', secretAccessKey: 'secret' },
        logGroup: 'echo-log',
        keepsOne: false,
        ...definition,
      },
    ],
  });
  opened.push(lambda);
  return Object.assign(
    async (payload: unknown = null) => JSON.parse(await lambda.invoke('Stack-Echo-1', JSON.stringify(payload))),
    { lambda, log: () => readFileSync(join(codeFolder, 'Echo.log'), 'utf8') },
  );
}

describe('a function', () => {
  test('gets its event and context and gives its answer', async () => {
    const invoke = functionOf(`export const handler = async (event, context) => ({
      event, name: context.functionName, memory: context.memoryLimitInMB, arn: context.invokedFunctionArn,
      hasTime: context.getRemainingTimeInMillis() > 1000, requestId: context.awsRequestId.length,
    });`);
    expect(await invoke({ a: [1, 'ü'] })).toEqual({
      event: { a: [1, 'ü'] },
      name: 'Stack-Echo-1',
      memory: '128',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-Echo-1',
      hasTime: true,
      requestId: 36,
    });
  });

  test('answers null for undefined', async () => {
    expect(await functionOf('export const handler = async () => {};')()).toBeNull();
  });

  test('sees its own variables and none of the host', async () => {
    process.env.HOST_SECRET = 'seen';
    const variables = (await functionOf('export const handler = async () => process.env;')()) as Record<string, string>;
    delete process.env.HOST_SECRET;
    expect(variables).toMatchObject({
      BUCKET: 'b',
      CLOCK_SPEED: '60',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAECHO',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_LAMBDA_FUNCTION_NAME: 'Stack-Echo-1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    });
    expect(variables).not.toHaveProperty('HOST_SECRET');
    expect(variables).not.toHaveProperty('PATH');
  });

  test('keeps its module between requests', async () => {
    const invoke = functionOf('let calls = 0; export const handler = async () => ++calls;');
    expect([await invoke(), await invoke(), await invoke()]).toEqual([1, 2, 3]);
  });

  test('gets one request at a time', async () => {
    const invoke = functionOf(`let running = 0;
      export const handler = async () => { const now = ++running; await new Promise(setImmediate); running--; return now; };`);
    expect(await Promise.all([invoke(), invoke(), invoke()])).toEqual([1, 1, 1]);
  });

  test('gets another thread when requests wait for long', async () => {
    const invoke = functionOf(`import { threadId } from 'node:worker_threads';
      export const handler = async () => { await new Promise(end => setTimeout(end, 300)); return threadId; };`);
    expect(new Set(await Promise.all([invoke(), invoke(), invoke()])).size).toBeGreaterThan(1);
  });

  test('writes its output and a report to its log', async () => {
    const invoke = functionOf("export const handler = async () => { console.log('from inside'); };");
    await invoke();
    const { lambda, log } = invoke as never as { lambda: Lambda; log(): string };
    await lambda.stop();
    expect(log()).toContain('from inside\n');
    expect(log()).toMatch(
      /REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\n/,
    );
  });
});

describe('an error', () => {
  test('keeps its name and message', async () => {
    const invoke = functionOf(
      "class BusyError extends Error { name = 'BusyError' } export const handler = async () => { throw new BusyError('try later'); };",
    );
    await expect(invoke()).rejects.toMatchObject({ name: 'BusyError', message: 'try later' });
  });

  test('does not hide how much memory was used', async () => {
    const invoke = functionOf("export const handler = async () => { throw new Error('in vain'); };");
    await expect(invoke()).rejects.toThrow('in vain');
    const { lambda, log } = invoke as never as { lambda: Lambda; log(): string };
    await lambda.stop();
    expect(log()).toMatch(/REPORT .*\tMax Memory Used: \d+ MB/);
  });

  test('at loading fails the request that needed it, and the next request loads again', async () => {
    const invoke = functionOf("throw new TypeError('no module today');");
    await expect(invoke()).rejects.toMatchObject({ name: 'TypeError', message: 'no module today' });
    await expect(invoke()).rejects.toMatchObject({ message: 'no module today' });
  });

  test('names a handler that is not there', async () => {
    await expect(functionOf('export const other = 1;')()).rejects.toMatchObject({ name: 'Runtime.HandlerNotFound' });
  });

  test('is what a thread that ended leaves, and the next request gets a fresh one', async () => {
    const invoke = functionOf(
      'let calls = 0; export const handler = async event => { calls++; if (event.exit) process.exit(1); return calls; };',
    );
    expect(await invoke({})).toBe(1);
    await expect(invoke({ exit: true })).rejects.toMatchObject({ name: 'Runtime.ExitError' });
    expect(await invoke({})).toBe(1);
  });

  test('follows an uncaught exception outside the handler', async () => {
    const invoke = functionOf(`export const handler = () => new Promise(() => {
      setImmediate(() => { throw new Error('out of nowhere'); });
    });`);
    await expect(invoke()).rejects.toMatchObject({
      name: 'Runtime.ExitError',
      message: expect.stringContaining('out of nowhere'),
    });
  });

  test('ends a request that takes too long, even in a closed loop', async () => {
    const invoke = functionOf('export const handler = async () => { for (;;); };', { timeoutSeconds: 1 });
    await expect(invoke()).rejects.toMatchObject({
      name: 'Sandbox.Timedout',
      message: expect.stringContaining('Task timed out after 1.00 seconds'),
    });
  });

  test('follows an answer of more than six megabytes', async () => {
    const invoke = functionOf("export const handler = async () => 'ä'.repeat(3_500_000);");
    await expect(invoke()).rejects.toMatchObject({ name: 'Function.ResponseSizeTooLarge' });
  });

  test('ends a function that needs more heap than it has memory', async () => {
    const invoke = functionOf(
      'export const handler = async () => { const all = []; for (;;) all.push({ n: all.length }); };',
    );
    await expect(invoke()).rejects.toMatchObject({ name: 'Runtime.ExitError' });
  });
});
