import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { PredictResponse } from '../../contracts/http.ts';
import type { FaultRule } from '../../local/faults.ts';
import { synthesize } from '../synthesize.ts';
import { type LeftBehind, readLeftBehind } from './left-behind.ts';
import { Perennial } from './perennial.ts';
import { queryLake } from './query-lake.ts';
import { writeBankFile } from './write-bank-file.ts';

/** A point at which a function's threads are ended. */
interface Crash extends Omit<FaultRule, 'do'> {
  readonly name: string;
}

/** A point at which the process is killed, and what shows that it was this one. */
interface Death extends Crash {
  readonly left: Partial<LeftBehind>;
}

/** Candidates that the use case tries. */
const trials = 3;

/** Points of the first start at which there is nothing to go on from: the whole command is given again. */
const earlyDeaths: readonly Death[] = [
  {
    name: 'no table yet',
    ...{ function: 'DefineTables', action: 'glue:CreateTable', resource: '*_observations', when: 'before' },
    left: { landing: 0 },
  },
  {
    name: 'one table of two',
    ...{ function: 'DefineTables', action: 'glue:CreateTable', resource: '*_staging', when: 'before' },
    left: { landing: 0 },
  },
  { name: 'the access key is there, not kept', ...put('Administrator', 'after'), left: { landing: 0 } },
  {
    name: 'the file waits, no execution yet',
    ...{ function: 'Administrator', action: 'states:StartExecution', when: 'before' },
    left: { landing: 1, batches: 0 },
  },
];

/** Each start goes on from where the one before it died: the first put that it makes is the next one that is not there yet. */
const deaths: Readonly<Record<'ingest' | 'the rest', readonly Death[]>> = {
  ingest: [
    {
      name: 'the lifecycle lease is taken',
      ...put('Ingest', 'after'),
      left: { lifecycleLease: true, writerLease: false },
    },
    {
      name: 'the writer lease is taken',
      ...{ function: 'Ingest', action: 'dynamodb:UpdateItem', when: 'after' },
      left: { writerLease: true, batches: 0 },
    },
    { name: 'a batch is planned, not recorded', ...put('Ingest', 'before'), left: { batches: 0, landing: 1 } },
    { name: 'the batch is planned', ...put('Ingest', 'after'), left: { batch: 'planned', staging: 0 } },
    { name: 'a part is staged', ...write('staging/*', 'after'), left: { batch: 'planned', staging: 1 } },
    { name: 'all is staged, not recorded', ...put('Ingest', 'before'), left: { batch: 'planned', staging: 1 } },
    { name: 'the batch is staged', ...put('Ingest', 'after'), left: { batch: 'staged', attempt: 0 } },
    { name: 'an attempt is announced', ...put('Ingest', 'after'), left: { batch: 'staged', attempt: 1, queryIds: 0 } },
    {
      name: 'the INSERT is started, its id unknown',
      ...{ function: 'Ingest', action: 'athena:StartQueryExecution', when: 'after' },
      left: { attempt: 1, queryIds: 0 },
    },
    { name: 'its id is known, not recorded', ...put('Ingest', 'before'), left: { attempt: 1, queryIds: 0 } },
    { name: 'the INSERT is recorded', ...put('Ingest', 'after'), left: { attempt: 1, queryIds: 1 } },
    {
      name: 'the next INSERT runs',
      ...{ function: 'Ingest', action: 'glue:UpdateTable', resource: '*_observations', when: 'before' },
      left: { batch: 'staged', attempt: 2 },
    },
    {
      // The first count finds nothing of the attempt that was cut off.
      name: 'the rows are in, not counted',
      ...{ function: 'Ingest', action: 'athena:GetQueryResults', nth: 2, when: 'before' },
      left: { batch: 'staged', attempt: 3, queryIds: 1 },
    },
    { name: 'the rows are counted, not recorded', ...put('Ingest', 'before'), left: { batch: 'staged', attempt: 3 } },
    { name: 'the rows are in', ...put('Ingest', 'after'), left: { batch: 'inserted', landing: 1, ingested: 0 } },
    {
      name: 'the file is copied, not deleted',
      ...remove('landing/*', 'before'),
      left: { batch: 'inserted', landing: 1, ingested: 1 },
    },
    { name: 'the file is moved', ...remove('landing/*', 'after'), left: { landing: 0, ingested: 1, staging: 1 } },
    { name: 'staging is cleared', ...remove('staging/*', 'after'), left: { batch: 'inserted', staging: 0 } },
    { name: 'the batch is complete', ...put('Ingest', 'after'), left: { batch: 'complete', writerLease: true } },
  ],
  'the rest': [
    {
      name: 'the answer of ingest is lost',
      ...{ function: 'Ingest', action: 'lambda:InvokeFunction', when: 'after' },
      left: { batch: 'complete', writerLease: false, manifests: 0 },
    },
    {
      name: 'the dataset is being unloaded',
      ...write('datasets/*', 'before'),
      left: { manifests: 0, datasets: 0 },
    },
    { name: 'no manifest yet', ...write('*/manifest.json', 'before'), left: { manifests: 0, datasets: 0 } },
    {
      name: 'the manifest is there',
      ...write('*/manifest.json', 'after'),
      left: { manifests: 1, datasets: 0 },
    },
    { name: 'the dataset is there', ...put('Freeze', 'after'), left: { manifests: 2, datasets: 1, code: 0 } },
    { name: 'the code is kept', ...write('code/*', 'after'), left: { code: 1, experiments: 0 } },
    { name: 'the experiment is about to come', ...put('PlanTrials', 'after'), left: { code: 1, experiments: 0 } },
    { name: 'the experiment is planned', ...put('PlanTrials', 'after'), nth: 2, left: { experiments: 1, runs: 0 } },
    { name: 'the predictions of a trial are there', ...write('runs/*', 'after'), left: { runs: 0 } },
    { name: 'a trial is about to come', ...put('TrainTrial', 'after'), left: { runs: 0 } },
    // Each trial is put after its arrival.
    { name: 'a trial is on record', ...put('TrainTrial', 'after'), nth: trials + 1, left: { cards: 0 } },
    { name: 'the trials are done', ...update('SelectBest', 'before'), left: { runs: trials, cards: 0 } },
    { name: 'one is selected', ...update('SelectBest', 'after'), left: { runs: trials, cards: 0 } },
    {
      name: 'the runs are being appended',
      ...{ function: 'AppendRuns', action: 'athena:StartQueryExecution', when: 'after' },
      left: { runs: trials, cards: 0 },
    },
    {
      // The first count finds nothing of the attempt that was cut off, or all of it.
      name: 'the runs are counted',
      ...{ function: 'AppendRuns', action: 'athena:GetQueryResults', when: 'before' },
      left: { runs: trials, cards: 0 },
    },
    { name: 'the card is there', ...write('models/*.json', 'after'), left: { cards: 1, models: 0 } },
    { name: 'the model is there', ...write('models/*.onnx', 'after'), left: { models: 1, versions: 0 } },
    { name: 'the model is on record', ...update('Refit', 'after'), left: { models: 1, versions: 0 } },
    { name: 'no version yet', ...put('Register', 'before'), left: { models: 1, versions: 0 } },
    { name: 'the version is there', ...put('Register', 'after'), left: { versions: 1, ledger: 0 } },
    { name: 'the gate decides', ...put('Gate', 'before'), left: { versions: 1, ledger: 0 } },
    { name: 'the gate has decided', ...put('Gate', 'after'), left: { ledger: 1, releases: 0 } },
    { name: 'the release is asked for', ...put('StartRelease', 'after'), left: { ledger: 1, releases: 1 } },
    { name: 'the release begins', ...put('StartRelease', 'after'), left: { ledger: 2 } },
    { name: 'its record says so', ...put('StartRelease', 'after'), left: { ledger: 2 } },
    { name: 'the flip is decided', ...put('StartRelease', 'before'), left: { ledger: 2 } },
    { name: 'the flip is done', ...put('StartRelease', 'after'), left: { ledger: 3, conclusions: 0 } },
    { name: 'the release has ended', ...put('StartRelease', 'after'), left: { ledger: 3, conclusions: 0 } },
    { name: 'no conclusion yet', ...put('Conclude', 'before'), left: { ledger: 3, conclusions: 0 } },
    { name: 'the conclusion is there', ...put('Conclude', 'after'), left: { conclusions: 1, lifecycleLease: true } },
    {
      name: 'the lifecycle lease is given back',
      ...{ function: 'Conclude', action: 'dynamodb:DeleteItem', when: 'after' },
      left: { conclusions: 1, lifecycleLease: false },
    },
  ],
};

/** Points at which the threads of a function are ended. What nth is, counts the retries that the ends before it led to. */
const crashes: Readonly<Record<string, readonly Crash[]>> = {
  'staging and of every task after ingest': [
    { name: 'the lifecycle lease is taken', ...put('Ingest', 'after') },
    { name: 'the batch is planned', ...put('Ingest', 'after'), nth: 2 },
    { name: 'a part is staged', ...write('staging/*', 'after') },
    { name: 'the batch is staged', ...put('Ingest', 'after'), nth: 3 },
    { name: 'the dataset is being unloaded', ...write('datasets/*', 'before') },
    { name: 'the manifest is there', ...write('*/manifest.json', 'after') },
    { name: 'no dataset yet', ...put('Freeze', 'before') },
    { name: 'the dataset is there', ...put('Freeze', 'after'), nth: 2 },
    { name: 'the experiment is planned', ...put('PlanTrials', 'after'), nth: 2 },
    // The last of them, each after its arrival: the threads of the others have no work any more.
    { name: 'the trials are on record', ...put('TrainTrial', 'after'), nth: 2 * trials },
    { name: 'one is selected', ...update('SelectBest', 'after') },
    {
      name: 'the runs are being appended',
      ...{ function: 'AppendRuns', action: 'athena:StartQueryExecution', when: 'after' },
    },
    { name: 'the card is there', ...write('models/*.json', 'after') },
    { name: 'the model is there', ...write('models/*.onnx', 'after') },
    { name: 'the model is on record', ...update('Refit', 'after') },
    { name: 'no version yet', ...put('Register', 'before') },
    { name: 'the version is there', ...put('Register', 'after'), nth: 2 },
    { name: 'the gate decides', ...put('Gate', 'before') },
    { name: 'the gate has decided', ...put('Gate', 'after'), nth: 2 },
    { name: 'the release is asked for', ...put('StartRelease', 'after') },
    { name: 'the release begins', ...put('StartRelease', 'after'), nth: 2 },
    { name: 'the flip is decided', ...put('StartRelease', 'before'), nth: 4 },
    { name: 'the flip is done', ...put('StartRelease', 'after'), nth: 5 },
    { name: 'no conclusion yet', ...put('Conclude', 'before') },
    { name: 'the conclusion is there', ...put('Conclude', 'after'), nth: 2 },
    {
      name: 'the lifecycle lease is given back',
      ...{ function: 'Conclude', action: 'dynamodb:DeleteItem', when: 'after' },
    },
  ],
  'the INSERT': [
    // After the lease, the plan and staging.
    { name: 'an attempt is announced', ...put('Ingest', 'after'), nth: 4 },
    {
      name: 'the INSERT is started, its id unknown',
      ...{ function: 'Ingest', action: 'athena:StartQueryExecution', nth: 2, when: 'after' },
    },
    { name: 'the INSERT is recorded', ...put('Ingest', 'after'), nth: 5 },
    {
      name: 'the rows are in, not counted',
      ...{ function: 'Ingest', action: 'athena:GetQueryResults', nth: 2, when: 'before' },
    },
    { name: 'the code is kept', ...write('code/*', 'after') },
  ],
  'the end of ingest': [
    {
      name: 'the writer lease is taken',
      ...{ function: 'Ingest', action: 'dynamodb:UpdateItem', when: 'after' },
    },
    { name: 'the rows are in', ...put('Ingest', 'after'), nth: 6 },
    { name: 'the file is copied, not deleted', ...remove('landing/*', 'before') },
    { name: 'the batch is complete', ...put('Ingest', 'after'), nth: 7 },
  ],
};

/** Milliseconds that a test may take on a machine that has much else to do: many starts, side by side. */
const patience = 600_000;

const assembly = synthesize();
const folder = mkdtempSync(join(tmpdir(), 'perennial-files-'));
const rows = 2_000;
const file = join(folder, 'clients.csv');
writeBankFile(file, { rows, seed: 1 });
afterAll(() => rmSync(folder, { recursive: true }));

/** What a lifecycle over the file leaves, however often it was cut off. */
const whole: Partial<LeftBehind> = {
  ...{ lifecycleLease: false, writerLease: false },
  ...{
    batch: 'complete',
    batches: 1,
    datasets: 1,
    experiments: 1,
    runs: trials,
    versions: 1,
    ledger: 3,
    releases: 1,
    conclusions: 1,
  },
  ...{ landing: 0, staging: 0, ingested: 1, code: 1, cards: 1, models: 1 },
};

describe('killed with kill -9', () => {
  test.concurrent(
    'before its first lifecycle, the same command again does it all, and once more does nothing',
    async () => {
      await using perennial = new Perennial(assembly, { speed: 1.5 });
      const again = ['--data', file];
      for (const { name, left, ...rule } of earlyDeaths) await die(perennial, { name, left, rule }, again);
      expect((await perennial.once(again)).summary).toMatchObject({ version: 1, rows });
      expect(await readLeftBehind(perennial.state)).toMatchObject(whole);
      expect((await perennial.once(again)).stderr).toContain('0 rows in, 2,000 known, 0 rejected');
      await expectServed(perennial, { rows, executions: ['SUCCEEDED', 'SUCCEEDED'] });
      expect(await readLeftBehind(perennial.state)).toMatchObject({ ...whole, batches: 2, ingested: 2 });
    },
    patience,
  );

  test.concurrent.each(Object.entries(deaths))(
    'at every step of %s, start after start, it ends as if it had never been',
    async (_, points) => {
      await using perennial = new Perennial(assembly, { speed: 1.5 });
      for (const [index, { name, left, ...rule }] of points.entries()) {
        await die(perennial, { name, left, rule }, index === 0 ? ['--data', file] : []);
      }
      await expectServed(perennial, { rows, executions: ['SUCCEEDED'] });
      expect(await readLeftBehind(perennial.state)).toMatchObject(whole);
    },
    patience,
  );

  test.concurrent(
    'in its second lifecycle, the old champion serves until the flip is done',
    async () => {
      await using perennial = new Perennial(assembly, { speed: 1.5 });
      const second = join(folder, 'more-clients.csv');
      writeBankFile(second, { rows: 4_000, seed: 2 });
      await perennial.once(['--data', file]);
      // Before it, the release is asked for, begins, and its record says so.
      const fourth = { ...put('StartRelease', 'before'), nth: 4 };
      const left = { batches: 2, versions: 2, ledger: 5, releases: 2 };
      await die(perennial, { name: 'the flip is decided', left, rule: fourth }, ['--data', second]);

      const port = await freePort();
      const rule = put('StartRelease', 'before');
      const dying = die(perennial, { name: 'the flip is decided again', left, rule }, ['--port', String(port)]);
      expect(new Set(await askUntil(dying, perennial.state, port))).toEqual(new Set([1]));

      const after = {
        name: 'the flip is done',
        left: { ledger: 6, conclusions: 1 },
        rule: put('StartRelease', 'after'),
      };
      await die(perennial, after, []);
      await expectServed(perennial, { rows: 6_000, version: 2, executions: ['SUCCEEDED', 'SUCCEEDED'] });
      expect(await readLeftBehind(perennial.state)).toMatchObject({ ...left, ledger: 6, conclusions: 2, landing: 0 });
    },
    patience,
  );
});

describe('with its functions ended', () => {
  test.concurrent.each(Object.entries(crashes))(
    'at the steps of %s, it does in one go what it would have done',
    async (_, points) => {
      // The retries need not be waited for.
      await using perennial = new Perennial(assembly, { speed: 5 });
      const rules = points.map(({ name, ...rule }): FaultRule => ({ ...rule, do: 'kill-worker' }));
      const { summary, stderr } = await perennial.once(['--data', file], rules);
      expect({ stderr, summary }).toMatchObject({ summary: { version: 1, rows } });
      expect(perennial.endedThreads()).toBe(points.length);
      expect(await readLeftBehind(perennial.state)).toMatchObject(whole);
      await expectServed(perennial, { rows, executions: ['SUCCEEDED'] });
    },
    patience,
  );
});

interface Point {
  readonly name: string;
  readonly rule: Omit<FaultRule, 'do'>;
  readonly left: Partial<LeftBehind>;
}

/** Starts it to be killed at a point, and holds that it was, and that it was there. */
async function die(perennial: Perennial, { name, rule, left }: Point, args: readonly string[]): Promise<void> {
  const { signal, stderr } = await perennial.once(args, [{ ...rule, do: 'kill-process' }]);
  expect({ name, signal, stderr: signal ? '' : stderr }).toEqual({ name, signal: 'SIGKILL', stderr: '' });
  expect({ name, ...(await readLeftBehind(perennial.state)) }).toMatchObject({ name, ...left });
}

interface Served {
  /** Rows in the table. */
  readonly rows: number;
  /** Version that answers. */
  readonly version?: number;
  /** Status of each execution of the lifecycle. */
  readonly executions: readonly string[];
}

/** Starts it unharmed, and looks at all that one can see of it until Ctrl-C. */
async function expectServed(perennial: Perennial, { rows, version = 1, executions }: Served): Promise<void> {
  const { url, key, child, ended } = await perennial.serve();
  expect(await askVersion(url, key)).toBe(version);
  const settings = perennial.clientSettings();
  const counts = 'SELECT count(*), count(DISTINCT observation_id) FROM bank_marketing_observations';
  expect(await queryLake(settings, counts)).toEqual([[String(rows), String(rows)]]);
  const runs = String(trials * version);
  expect(await queryLake(settings, 'SELECT count(*), count(DISTINCT run_id) FROM experiment_runs')).toEqual([
    [runs, runs],
  ]);
  const listed = await new SFNClient(settings).send(
    new ListExecutionsCommand({
      stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:Perennial-lifecycle',
    }),
  );
  expect(listed.executions!.map(({ status }) => status)).toEqual(executions);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0 });
}

/** Asks for predictions all the time until what runs has ended: the versions that answered. */
async function askUntil(ended: Promise<unknown>, state: string, port: number): Promise<number[]> {
  let isOver = false;
  const over = ended.finally(() => {
    isOver = true;
  });
  const key = readFileSync(join(state, 'development-key'), 'utf8');
  const versions: number[] = [];
  while (!isOver) {
    try {
      versions.push(await askVersion(`http://127.0.0.1:${port}`, key));
    } catch (error) {
      // Nobody listens before it has started and after it has died. By name: the error of fetch is of another realm than the tests.
      if ((error as Error).name !== 'TypeError') throw error;
      await sleep(20);
    }
  }
  await over;
  return versions;
}

/** Makes a prediction, and says which version made it. */
async function askVersion(url: string, key: string): Promise<number> {
  const features = { age: 41, job: 'technician', balance: 1_200, contact_month: 'may' };
  const response = await fetch(`${url}/use-cases/bank-marketing/predictions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [features] }),
  });
  const { status } = response;
  const answer = (await response.json()) as PredictResponse;
  expect({ status, answer }).toMatchObject({ status: 200 });
  return answer.predictions[0]!.version;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function put(name: string, when: FaultRule['when']) {
  return { function: name, action: 'dynamodb:PutItem', when };
}

function update(name: string, when: FaultRule['when']) {
  return { function: name, action: 'dynamodb:UpdateItem', when };
}

function write(key: string, when: FaultRule['when']) {
  return { action: 's3:PutObject', resource: `arn:aws:s3:::*/${key}`, when };
}

function remove(key: string, when: FaultRule['when']) {
  return { action: 's3:DeleteObject', resource: `arn:aws:s3:::*/${key}`, when };
}
