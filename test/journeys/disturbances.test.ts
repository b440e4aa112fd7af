import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Prediction, PredictResponse } from '../../contracts/http.ts';
import { synthesize } from '../synthesize.ts';
import { type ClientSettings, Perennial, type Serving } from './perennial.ts';
import { queryLake } from './query-lake.ts';
import { writeBankFile } from './write-bank-file.ts';

const perennial = new Perennial(synthesize(), { speed: 1.5 });
const folder = mkdtempSync(join(tmpdir(), 'perennial-files-'));
let serving: Serving;
let settings: ClientSettings;
let files = 0;

beforeAll(async () => {
  const throttled = { function: 'Predict', when: 'before', do: 'throttle', times: Number.MAX_SAFE_INTEGER } as const;
  serving = await perennial.serve(
    ['--data', makeFile(2_000)],
    [
      { ...throttled, action: 'dynamodb:BatchWriteItem', resource: '*/Perennial-predictions' },
      // The first reading of the ledger is what there is to go on with.
      { ...throttled, action: 'dynamodb:Query', resource: '*/Perennial-registry', nth: 2 },
    ],
  );
  settings = perennial.clientSettings();
}, 120_000);
afterAll(async () => {
  await perennial.dispose();
  rmSync(folder, { recursive: true });
});

test('while its tables throttle, the endpoint answers every request and keeps what it cannot log in the log of the function', async () => {
  const predictions: Prediction[] = [];
  do predictions.push(await predict());
  while (!predictLog().includes('Routing not refreshed'));
  expect(new Set(predictions.map(({ variant }) => variant))).toEqual(new Set(['champion']));
  for (const { predictionId } of predictions) {
    while (!unlogged().includes(predictionId)) await sleep(20);
    const response = await fetch(`${serving.url}/use-cases/bank-marketing/predictions/${predictionId}`, {
      headers: { authorization: `Bearer ${serving.key}` },
    });
    expect(response.status).toBe(404);
  }
});

test('of two executions started at once, one does it all and the other says who', async () => {
  const before = await countRows();
  await drop(makeFile(300));
  const [one, other] = await Promise.all([run(), run()]);
  const [winner, loser] = one.status === 'SUCCEEDED' ? [one, other] : [other, one];
  expect(winner).toMatchObject({ status: 'SUCCEEDED' });
  expect(loser).toMatchObject({ status: 'FAILED', error: 'LifecycleBusyError' });
  expect(loser.cause).toContain(`is run by ${winner.executionArn}, wait until it ends`);
  expect(await countRows()).toBe(before + 300);
  expect(JSON.parse((await run()).output!)).toMatchObject({ proceed: false, rows: 0 });
  await predict();
});

test('a file that appears while ingest runs is left for the next batch', async () => {
  const before = await countRows();
  const first = makeFile(300);
  const second = makeFile(200);
  await drop(first);
  const { number } = await newestBatch();
  const running = run();
  while ((await newestBatch()).number === number) await sleep(5);
  await drop(second);
  expect((await running).status).toBe('SUCCEEDED');
  expect(await newestBatch()).toEqual({ number: number + 1, files: [basename(first)] });
  expect(await countRows()).toBe(before + 300);
  expect(await landing()).toEqual([basename(second)]);
  await run();
  expect(await newestBatch()).toEqual({ number: number + 2, files: [basename(second)] });
  expect(await countRows()).toBe(before + 500);
  expect(await landing()).toEqual([]);
});

test.each(['its own name', 'another name'])(
  'a file that is dropped twice, under %s, is counted as known',
  async name => {
    const file = makeFile(300);
    await drop(file);
    await run();
    const before = await countRows();
    await drop(file, name === 'its own name' ? basename(file) : `copy-of-${basename(file)}`);
    const { status, output } = await run();
    expect({ status, output: JSON.parse(output!) }).toMatchObject({
      status: 'SUCCEEDED',
      output: { proceed: false, rows: 300, inserted: 0, duplicates: 300, rejected: 0 },
    });
    expect(await countRows()).toBe(before);
    expect(await landing()).toEqual([]);
  },
);

/** Writes a file of clients that no other file has. */
function makeFile(rows: number): string {
  files++;
  const file = join(folder, `clients-${files}.csv`);
  writeBankFile(file, { rows, seed: files });
  return file;
}

async function drop(file: string, name = basename(file)): Promise<void> {
  const Key = `landing/bank-marketing/${name}`;
  await new S3Client(settings).send(new PutObjectCommand({ Bucket: bucket, Key, Body: readFileSync(file) }));
}

const bucket = 'perennial-000000000000-us-east-1';

/** Runs the lifecycle to its end. */
async function run(): Promise<DescribeExecutionCommandOutput> {
  const client = new SFNClient(settings);
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Perennial-lifecycle';
  const input = JSON.stringify({ useCase: 'bank-marketing', trigger: 'manual' });
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  for (;;) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
    await sleep(50);
  }
}

async function countRows(): Promise<number> {
  const counts = 'SELECT count(*), count(DISTINCT observation_id) FROM bank_marketing_observations';
  const [[all, distinct] = []] = await queryLake(settings, counts);
  expect(distinct).toBe(all);
  return Number(all);
}

/** Names of the files that wait. */
async function landing(): Promise<string[]> {
  const Prefix = 'landing/bank-marketing/';
  const { Contents = [] } = await new S3Client(settings).send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return Contents.map(({ Key }) => Key!.slice(Prefix.length));
}

async function newestBatch(): Promise<{ number: number; files: string[] }> {
  const { Items = [] } = await new DynamoDBClient(settings).send(
    new QueryCommand({
      TableName: 'Perennial-registry',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'bank-marketing#batch' } },
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: 1,
    }),
  );
  const [batch] = Items;
  return { number: Number(batch?.number?.N), files: (batch?.files?.L ?? []).map(({ M }) => basename(M!.key!.S!)) };
}

async function predict(): Promise<Prediction> {
  const response = await fetch(`${serving.url}/use-cases/bank-marketing/predictions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${serving.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [{ age: 41, job: 'technician', balance: 1_200, contact_month: 'may' }] }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as PredictResponse).predictions[0]!;
}

function predictLog(): string {
  return readFileSync(join(perennial.state, 'logs', 'Predict.log'), 'utf8');
}

/** Lines of the log that hold predictions. */
function unlogged(): string {
  return predictLog()
    .split('\n')
    .filter(line => line.includes('"Unlogged predictions"'))
    .join('\n');
}
