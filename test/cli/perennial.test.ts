import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventsFile } from '../../contracts/events.ts';
import type { ConcludeInput, LifecycleRequest } from '../../contracts/tasks.ts';
import { putConclusion } from '../../lifecycle/registry/execution.ts';
import { appendEntry, type LedgerEntry } from '../../lifecycle/release/ledger.ts';
import type { ScriptedFunction } from '../local/step-functions/step-functions-client.ts';
import { type DeploymentWorld, startDeployment } from './deployment-world.ts';

const released: Record<string, ScriptedFunction> = {
  Ingest: () => ({ proceed: true, reason: '3 rows', inserted: 3 }),
  Freeze: () => ({ status: 'frozen', datasetId: 'd1', manifestKey: 'm' }),
  PlanTrials: () => ({ status: 'planned', experimentId: 'e1', trials: [{ trial: 0, size: 'standard' }] }),
  TrainTrial: () => ({ runId: 'r1' }),
  SelectBest: () => ({ status: 'selected', runId: 'r1', reason: 'the best of 1 trials' }),
  AppendRuns: () => ({ rows: 1 }),
  Refit: () => ({ runId: 'r1', modelSha256: 'abc' }),
  Register: () => ({ version: 4 }),
  Gate: () => ({ status: 'passed', version: 4, entry: 4, reason: 'no worse' }),
  StartRelease: () => ({ status: 'promoted', version: 4, release: 2, reason: 'released canary' }),
  Conclude: ({ state }: ConcludeInput) =>
    state.failure
      ? { outcome: 'failed', version: null, reason: 'it failed' }
      : { outcome: 'released', version: 4, reason: 'no worse than version 3' },
  Maintain: () => ({ tables: [{ table: 'bank_marketing_observations', optimizeRuns: 2, vacuumRuns: 1 }] }),
};

let world: DeploymentWorld;
beforeEach(async () => {
  world = await startDeployment();
  Object.assign(world.functions, released);
});
afterEach(() => world.stop());

describe('perennial run', () => {
  test('follows the lifecycle to its end and says what came of it', async () => {
    const { stdout, stderr, exitCode } = await world.perennial('run', 'bank-marketing');

    expect(exitCode).toBe(0);
    expect(stdout).toBe('Released version 4: no worse than version 3\n');
    for (const stage of [
      'Ingest',
      'Freeze dataset',
      'Plan trials',
      'Train trials',
      'Refit',
      'Register',
      'Gate',
      'Start release',
      'Conclude',
    ]) {
      expect(stderr).toMatch(new RegExp(`  ${stage} +\\d+\\.\\d s`));
    }
  });

  test('asks for what its options say', async () => {
    const requests: LifecycleRequest[] = [];
    world.functions.Ingest = ({ request }: { request: LifecycleRequest }) => {
      requests.push(request);
      return { proceed: false, reason: 'no file landed' };
    };

    const args = ['--window', 'last:90', '--new-batch', '500', '--force', '--json'];
    const { stdout, exitCode } = await world.perennial('run', 'bank-marketing', ...args);

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'SUCCEEDED', output: { proceed: false } });
    expect(requests).toEqual([
      {
        useCase: 'bank-marketing',
        trigger: 'manual',
        window: { mode: 'last', days: 90 },
        newBatch: 500,
        force: true,
      },
    ]);
  });

  test('drops a file first where one is given', async () => {
    const file = join(world.state, 'clients.csv');
    await writeFile(file, 'age,y\n41,yes\n');

    expect((await world.perennial('run', 'bank-marketing', '--data', file)).exitCode).toBe(0);

    const [dropped] = await world.objects.list('landing/');
    expect(dropped).toMatchObject({ key: 'landing/bank-marketing/clients.csv', size: 13 });
    expect((await world.perennial('run', 'bank-marketing', '--data', 'nowhere.csv')).stderr).toBe(
      'Cannot read "nowhere.csv": there is no such file or folder',
    );
  });

  test('says so when there was nothing to do', async () => {
    world.functions.Ingest = () => ({ proceed: false, reason: 'no file landed' });

    expect((await world.perennial('run', 'bank-marketing')).stdout).toBe('Nothing to do: no file landed\n');
  });

  test('fails with the error and its cause when the lifecycle failed', async () => {
    world.functions.Freeze = () => {
      throw Object.assign(new Error('the bucket is gone'), { name: 'UnknownUseCaseError' });
    };

    const { stdout, stderr, exitCode } = await world.perennial('run', 'bank-marketing');

    expect(exitCode).toBe(1);
    expect(stdout).toBe('UnknownUseCaseError: the bucket is gone\n');
    expect(stderr).toMatch(/Freeze dataset .* failed: UnknownUseCaseError/);
  });

  test('does not wait with --no-wait, and refuses to start a second one', async () => {
    const { promise: never } = Promise.withResolvers();
    world.functions.Ingest = () => never;
    const first = await world.perennial('run', 'bank-marketing', '--no-wait', '--json');

    const second = await world.perennial('run', 'bank-marketing');

    expect(JSON.parse(first.stdout)).toMatchObject({ status: 'RUNNING' });
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(/^Execution "manual-\d+" of "bank-marketing" has been running since/);
    expect((await world.perennial('run', 'telco-churn', '--no-wait')).exitCode).toBe(0);
  });
});

test.each([
  ['run', 'bank-marketting'],
  ['status', 'bank-marketting'],
  ['versions', 'bank-marketting'],
  ['executions', 'bank-marketting'],
  ['events', 'bank-marketting'],
  ['predict', 'bank-marketting', '--example'],
  ['maintain', 'bank-marketting'],
])('perennial %s names the use case that was meant', async (...args) => {
  const { stderr, exitCode } = await world.perennial(...args);

  expect(exitCode).toBe(1);
  expect(stderr).toContain('did you mean "bank-marketing"?');
});

test('perennial executions lists those of one use case with what came of them', async () => {
  await world.perennial('run', 'telco-churn');
  await world.perennial('run', 'bank-marketing');
  world.functions.Ingest = () => {
    throw Object.assign(new Error('too many rejected rows'), { name: 'BatchRefusedError' });
  };
  await world.perennial('run', 'bank-marketing');

  const { stdout } = await world.perennial('executions', 'bank-marketing');
  const limited = await world.perennial('executions', 'bank-marketing', '--limit', '1', '--json');

  const [, newest, oldest, ...more] = stdout.trim().split('\n');
  expect(newest).toMatch(/manual +.*FAILED +BatchRefusedError: too many rejected rows/);
  expect(oldest).toMatch(/manual +.*SUCCEEDED +released version 4: no worse than version 3/);
  expect(more).toEqual([]);
  expect(JSON.parse(limited.stdout)).toHaveLength(1);
});

describe('perennial status', () => {
  test('says what answers and what was concluded', async () => {
    const variant = { name: 'champion', version: 3, modelSha256: 'abc', threshold: 0.25, share: 1 };
    const entry: LedgerEntry = {
      entry: 1,
      at: '2026-11-21T02:00:00.000Z',
      by: 'someone',
      decision: 'promoted',
      version: 3,
      release: 1,
      running: null,
      reason: 'first',
      routing: { salt: 's', variants: [variant], shadow: null, aliases: {} },
      evidence: {},
    };
    await appendEntry(world.registry, 'bank-marketing', entry);
    await putConclusion(world.registry, 'bank-marketing', {
      executionId: 'arn:x:1',
      trigger: 'manual',
      asOf: '2026-11-21T01:59:00.000Z',
      concludedAt: '2026-11-21T02:00:00.000Z',
      ingestSeq: 1,
      outcome: 'released',
      version: 3,
      reason: 'first',
      error: null,
    });

    const { stdout } = await world.perennial('status');

    expect(stdout).toMatch(/^Endpoint {2}http:\/\/127\.0\.0\.1:\d+\n/);
    expect(stdout).toContain('Answers       version 3, positive from 0.250 on');
    expect(stdout).toContain('Concluded     released version 3, 2026-11-21 02:00; first');
    expect(stdout).toMatch(/telco-churn\n {2}Answers +no version yet\n {2}Newest batch +none yet/);
    const { stdout: printed } = await world.perennial('status', 'bank-marketing', '--json');
    expect(JSON.parse(printed).useCases).toMatchObject([
      { useCase: 'bank-marketing', entry, batch: null, running: [] },
    ]);
  });

  test('names what runs', async () => {
    const { promise: never } = Promise.withResolvers();
    world.functions.Ingest = () => never;
    await world.perennial('run', 'bank-marketing', '--no-wait');

    expect((await world.perennial('status', 'bank-marketing')).stdout).toMatch(/Runs now +manual-\d+ since 20/);
  });
});

describe('perennial events', () => {
  const event = (type: string, detail: object) => {
    const time = '2026-11-21T02:07:00.000Z';
    return `${JSON.stringify({ id: 'e', time, source: 'perennial', 'detail-type': type, detail })}\n`;
  };
  const registered = event('Version Registered', { useCase: 'bank-marketing', version: 4 });

  test('tells what happened to a use case, the newest last', async () => {
    expect((await world.perennial('events')).stdout).toBe('Nothing has happened yet\n');
    const changed = event('Champion Changed', { useCase: 'telco-churn', champion: 2, reason: 'no worse' });
    await writeFile(join(world.state, eventsFile), `${registered}${changed}`);

    const { stdout } = await world.perennial('events');
    const ofOne = await world.perennial('events', 'telco-churn', '--json');
    const newest = await world.perennial('events', '--limit', '1');

    expect(stdout).toBe(
      '2026-11-21 02:07  Version Registered  bank-marketing: version 4\n2026-11-21 02:07  Champion Changed    telco-churn: version 2: no worse\n',
    );
    expect(ofOne.stdout).toBe(changed);
    expect(newest.stdout).toContain('Champion Changed');
    expect(newest.stdout).not.toContain('Version Registered');
  });

  test('says where those of a deployed stack are', async () => {
    expect((await world.perennial('events', '--stack', 'Perennial')).stderr).toContain('Give it a rule');
  });
});

test('perennial score-batch takes a file of this machine, or a key', async () => {
  const { stderr } = await world.perennial('score-batch', 'bank-marketing', '--file', 'nowhere.csv');

  expect(stderr).toBe('Cannot read "nowhere.csv": there is no such file or folder');
});

test('perennial maintain says what it did to each table', async () => {
  const { stdout } = await world.perennial('maintain', 'bank-marketing');

  expect(stdout).toBe(
    'table                        compactions  expirations\nbank_marketing_observations            2            1\n',
  );
});

describe('perennial keys', () => {
  test('creates, lists and revokes a key, and shows its secret once', async () => {
    const created = await world.perennial('keys', 'create', '--name', 'shop', '--scope', 'predict', 'view', '--json');
    const { key, keyId } = JSON.parse(created.stdout);
    const listed = await world.perennial('keys', 'list');
    const revoked = await world.perennial('keys', 'revoke', keyId);
    const after = await world.perennial('keys', 'list');

    expect(key).toMatch(/^prn_/);
    expect(listed.stdout).toMatch(new RegExp(`${keyId} +shop +predict, view +.* open`));
    expect(listed.stdout).not.toContain(key);
    expect(revoked.stdout).toContain('Revoked "shop"');
    expect(after.stdout).toMatch(/revoked 20/);
  });

  test('says so when a key to revoke is not there', async () => {
    const { stderr, exitCode } = await world.perennial('keys', 'revoke', 'nobody');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('"nobody"');
  });
});

describe('perennial predict', () => {
  const prediction = {
    predictionId: '0193',
    probability: 0.25,
    decision: true,
    threshold: 0.2,
    version: 4,
    variant: 'champion',
    imputed: ['age'],
    unseen: [],
  };
  const keys: unknown[] = [];
  const sizes: number[] = [];

  beforeEach(() => {
    keys.length = 0;
    sizes.length = 0;
    world.answer = (request, body) => {
      keys.push(request.headers.authorization);
      if (request.method === 'GET') return { status: 200, body: { example: { age: 41 } } };
      const { instances } = body as { instances: object[] };
      sizes.push(instances.length);
      return { status: 200, body: { predictions: instances.map(() => prediction) } };
    };
  });

  test('scores one instance with the development key', async () => {
    const { stdout } = await world.perennial('predict', 'bank-marketing', '--data', '{"age":41}');

    expect(stdout.split('\n')[1]).toBe(
      '0.2500       yes       0.2000           4  champion  0193           age imputed',
    );
    expect(keys).toEqual(['Bearer development']);
  });

  test('scores a file a thousand rows a request, with a key of its own', async () => {
    const file = join(world.state, 'clients.ndjson');
    await writeFile(file, '{"age":41}\n\n'.repeat(1_001));

    const args = ['--file', file, '--key', 'mine', '--json'];
    const { stdout } = await world.perennial('predict', 'bank-marketing', ...args);

    expect(JSON.parse(stdout).predictions).toHaveLength(1_001);
    expect(sizes).toEqual([1_000, 1]);
    expect(keys).toEqual(['Bearer mine', 'Bearer mine']);
  });

  test("scores the use case's example", async () => {
    expect((await world.perennial('predict', 'bank-marketing', '--example')).exitCode).toBe(0);
    expect(sizes).toEqual([1]);
  });

  test('names the line of a file that is no instance', async () => {
    const file = join(world.state, 'broken.ndjson');
    await writeFile(file, '{"age":41}\n[1]\n');

    const { stderr } = await world.perennial('predict', 'bank-marketing', '--file', file);

    expect(stderr).toBe(`${file}:2: Expected a JSON object with the features by name.`);
  });

  test('says what the endpoint has against an instance', async () => {
    world.answer = () => ({
      status: 400,
      body: {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: 'The request does not fit the use case',
        errors: [{ pointer: '/instances/0/agee', detail: 'unknown field, did you mean "age"?' }],
      },
    });

    const { stderr, exitCode } = await world.perennial('predict', 'bank-marketing', '--data', '{"agee":41}');

    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'The endpoint answered 400: The request does not fit the use case\n  /instances/0/agee: unknown field, did you mean "age"?',
    );
  });

  test('asks for something to score', async () => {
    const { stderr } = await world.perennial('predict', 'bank-marketing');

    expect(stderr).toBe('Nothing to score: give --data, --file or --example');
  });
});

test('a command names npm start when no embedded cloud answers', async () => {
  const port = 9;
  await writeFile(join(world.state, 'credentials.env'), `AWS_ENDPOINT_URL=http://127.0.0.1:${port}\n`);

  const { stderr, exitCode } = await world.perennial('status');

  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    `No embedded cloud answers at http://127.0.0.1:${port}: start it with "npm start", or name a deployed stack with --stack`,
  );
});

test('a command names npm start when the state folder holds no embedded cloud', async () => {
  const { stderr } = await world.perennial('status', '--state', join(tmpdir(), 'nowhere'));

  expect(stderr).toContain('start it with "npm start"');
});

test('--stack finds a stack by its name', async () => {
  expect((await world.perennial('status', '--stack', 'Perennial')).exitCode).toBe(0);
  expect((await world.perennial('status', '--stack', 'Other')).stderr).toContain('Stack "Other" is not deployed');
});

test('the program explains itself, and what was misspelt', async () => {
  const program = join(import.meta.dirname, '../../cli/perennial.ts');
  const run = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args]);

  expect((await run('run', '--help')).stdout).toContain('$ perennial run bank-marketing --new-batch 5000');
  expect((await run('releases', 'show', 'x', 'first').catch(error => error)).stderr).toContain(
    "value 'first' is invalid for argument 'release'. Expected a number: 1, 2, 3 …",
  );
  await expect(run('statsu')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Did you mean status?'),
  });
  await expect(run('run', 'x', '--window', 'last:0')).rejects.toMatchObject({
    stderr: expect.stringContaining('Expected all, last:DAYS'),
  });
});

test('the program keeps what it has compiled for the next time', async () => {
  const program = join(import.meta.dirname, '../../cli/perennial.ts');
  const env = { ...process.env, TMPDIR: world.state, NODE_COMPILE_CACHE: undefined };
  await promisify(execFile)(process.execPath, [program, '--version'], { env });
  expect((await readdir(join(world.state, 'node-compile-cache'), { recursive: true })).length).toBeGreaterThan(50);
});
