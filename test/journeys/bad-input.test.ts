import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parquetWriteBuffer } from 'hyparquet-writer';
import {
  type HealthResponse,
  type PredictResponse,
  predictLimits,
  type UseCaseResponse,
} from '../../contracts/http.ts';
import { startCloud } from '../../local/cloud.ts';
import { synthesize } from '../synthesize.ts';
import { Perennial, type Serving } from './perennial.ts';
import { queryLake } from './query-lake.ts';
import { writeBankFile } from './write-bank-file.ts';

const assembly = synthesize();
const perennial = new Perennial(assembly, { speed: 1.5 });
const folder = mkdtempSync(join(tmpdir(), 'perennial-files-'));
const bucket = 'perennial-000000000000-us-east-1';
const predictions = '/use-cases/bank-marketing/predictions';
let serving: Serving;
let s3: S3Client;
let example: UseCaseResponse['example'];
let seed = 0;

beforeAll(async () => {
  const file = join(folder, 'bank.csv');
  writeBankFile(file, { rows: 2_000, seed: ++seed });
  serving = await perennial.serve(['--data', file]);
  s3 = new S3Client({ ...perennial.clientSettings(), forcePathStyle: true });
  example = ((await (await call('GET', '/use-cases/bank-marketing')).json()) as UseCaseResponse).example;
}, 120_000);
afterAll(async () => {
  await perennial.dispose();
  rmSync(folder, { recursive: true });
});

describe('a file that lands', () => {
  test('has its bad rows put aside, each with its reason, and its good rows go in; dropped again, it changes nothing', async () => {
    const { header, rows } = bankRows(60);
    const [first, second] = [`same,${rows[0]}`, `other,${rows[1]}`];
    const good = rows.slice(2).map((row, index) => `${seed}-${index},${row}`);
    const bad = [
      'lost,40,technician',
      `wrong-type,${replaced(rows[2]!, 'age', 'forty')}`,
      `unknown-level,${replaced(rows[3]!, 'job', 'wizard')}`,
      `no-label,${replaced(rows[4]!, 'y', 'perhaps')}`,
    ];
    const clash = `other,${replaced(rows[1]!, 'age', '99')}`;
    const content = [`observation_id,${header}`, first, second, ...good, ...bad, first, clash].join('\n');
    const before = await countRows();

    await drop('bad-rows.csv', content);
    const run = await lifecycle();

    expect(run.stderr).toMatch(/60 rows in, 1 known, 5 rejected, see quarantine\/bank-marketing\/\d+\//);
    expect(await countRows()).toBe(before + 60);
    const reasons = await quarantined(run.stderr);
    expect(reasons).toEqual([
      [61, 'line has 3 fields, expected 17 as in the header'],
      [62, 'age is "forty", expected an integer from 16 to 120'],
      [63, expect.stringMatching(/^job is "wizard", expected one of "admin.", "blue-collar"/)],
      [64, 'y is "perhaps", expected "yes", "no" or nothing'],
      [66, 'observation id "other" has other values earlier in this batch'],
    ]);

    await drop('bad-rows.csv', content);
    const again = await lifecycle();
    expect(again.stderr).toContain('0 rows in, 61 known, 5 rejected');
    expect(again.stdout).toMatch(/^Nothing to do: nothing is new since/);
    expect(await countRows()).toBe(before + 60);
    expect(await landing()).toEqual([]);
  }, 60_000);

  test.each([
    { name: 'a.csv', make: withoutLabel, problem: 'lacks "y"; expected "age", "job"' },
    { name: 'b.csv', make: mostlyBad, problem: '6 of 20 rows are rejected (30 %), accepted are 10 %' },
    { name: 'c.csv', make: () => '', problem: 'c.csv is empty' },
    { name: 'd.parquet', make: () => 'PAR1 and no more', problem: 'd.parquet is no Parquet file' },
    { name: 'e.xlsx', make: () => 'x', problem: 'e.xlsx ends in none of .csv, .ndjson, .jsonl, .parquet' },
    { name: 'f.ndjson', make: () => '[1]\n{"age":\n', problem: 'f.ndjson has no row that can be read' },
  ])('is kept whole and refused: $problem', async ({ name, make, problem }) => {
    const before = await countRows();
    const content = make();
    await drop(name, content);

    const { code, stdout } = await lifecycle();

    expect(code).toBe(1);
    expect(stdout).toMatch(/^BatchRefusedError: Batch \d+ of "bank-marketing" was refused/);
    expect(stdout).toContain(problem);
    const [, prefix] = /see (quarantine\/\S+\/)/.exec(stdout)!;
    expect(await read(`${prefix}files/${name}`)).toBe(content);
    expect(await countRows()).toBe(before);
    expect(await landing()).toEqual([]);
    await expectPrediction();
  });

  test('may have a header and no row', async () => {
    await drop('header.csv', bankRows(1).header);
    const { code, stdout } = await lifecycle();
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^Nothing to do: nothing is new/) });
    expect(await landing()).toEqual([]);
  });

  test('may be CSV as Windows writes it, NDJSON or Parquet, and goes in beside one that is refused', async () => {
    const before = await countRows();
    const windows = bankRows(40);
    await drop('windows.csv', `\u{feff}${[windows.header, ...windows.rows].join('\r\n')}\r\n`);
    await drop(
      'lines.ndjson',
      records(30)
        .map(record => JSON.stringify(record))
        .join('\n'),
    );
    await drop('columns.parquet', toParquet(records(20)));
    await drop('notes.txt', 'call Mr. Miller');

    const { code, stderr } = await lifecycle();

    expect(code).toBe(0);
    expect(stderr).toMatch(/90 rows in, 0 known, 0 rejected, see quarantine/);
    expect(await countRows()).toBe(before + 90);
    expect(await quarantined(stderr)).toEqual([[null, 'File ends in none of .csv, .ndjson, .jsonl, .parquet']]);
    expect(await landing()).toEqual([]);
  }, 60_000);
});

describe('the endpoint', () => {
  test.each([
    { title: 'no JSON', body: '{"instances":', status: 400, detail: 'Unexpected end of JSON input' },
    { title: 'no instances', body: '{}', status: 400, detail: '/instances: expected an array of objects, got nothing' },
    { title: 'an unknown field', body: instances({ agee: 3 }), status: 400, detail: 'did you mean "age"?' },
    {
      title: 'a wrong type',
      body: instances({ age: 'old' }),
      status: 400,
      detail: '/instances/0/age: expected an integer',
    },
    { title: 'a value out of range', body: instances({ age: 200 }), status: 400, detail: 'from 16 to 120, got 200' },
    { title: 'too many instances', body: instances(...Array(1_001).fill({})), status: 400, detail: 'got 1,001' },
    { title: 'over 5 MB', body: padded(predictLimits.bodyBytes), status: 413, detail: 'at most 5242880 are accepted' },
  ])('answers $status to $title, and says what is wrong', async ({ body, status, detail }) => {
    const response = await call('POST', predictions, { body });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, detail: expect.stringContaining(detail) });
    await expectPrediction();
  });

  test.each([6, 8, 10])('answers 413 as API Gateway does to more than %d MiB', async megabytes => {
    const response = await call('POST', predictions, { body: padded(megabytes * 1024 * 1024) });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
    await expectPrediction();
  });

  test.each([
    { path: '/use-cases/bank-marketin', detail: 'did you mean "bank-marketing"?' },
    { path: '/use-cases/bank%2Fmarketing', detail: 'Unknown use case "bank/marketing"' },
    { path: '/use-cases/__proto__', detail: 'Unknown use case "__proto__"' },
    { path: `${predictions}/00000000-0000-7000-8000-000000000000`, detail: 'has no prediction "00000000-' },
    { path: `${predictions}/nonsense`, detail: 'has no prediction "nonsense"' },
  ])('answers 404 to $path', async ({ path, detail }) => {
    const response = await call('GET', path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ status: 404, detail: expect.stringContaining(detail) });
  });

  test.each([
    ['GET', predictions],
    ['DELETE', '/health'],
    ['GET', '/'],
  ])('answers 404 to %s %s, as API Gateway does where no route is', async (method, path) => {
    const response = await call(method, path);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Not Found' });
  });

  test('knows who calls, and what for', async () => {
    const viewer = await createKey('view');
    const revoked = await createKey('predict');
    await perennial.cli(['keys', 'revoke', revoked.keyId]);
    const answers = [
      { key: null, status: 401, answer: { message: 'Unauthorized' } },
      { key: 'nonsense', status: 403, answer: { message: 'Forbidden' } },
      { key: `${serving.key.slice(0, -2)}AA`, status: 403, answer: { message: 'Forbidden' } },
      { key: revoked.key, status: 403, answer: { message: 'Forbidden' } },
      {
        key: viewer.key,
        status: 403,
        answer: { detail: expect.stringContaining('needs an access key with the scope "predict"') },
      },
    ];
    for (const { key, status, answer } of answers) {
      const response = await call('POST', predictions, { key, body: instances(example) });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject(answer);
    }
    await expectPrediction();
  });

  test('answers 503 before the first model, and says when to come again', async () => {
    await using young = new Perennial(assembly);
    const cloud = await startCloud({ assembly, stateFolder: young.state, awsPort: 0, apiPort: 0 });
    try {
      const { stdout } = await young.cli(['keys', 'create', '--scope', 'predict', 'view', '--json']);
      const { key } = JSON.parse(stdout);
      const response = await call('POST', predictions, { url: cloud.apiUrl, key, body: instances(example) });
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('30');
      expect(await response.json()).toMatchObject({ type: 'urn:perennial:problem:no-model', status: 503 });
      const health = await call('GET', '/health', { url: cloud.apiUrl, key: null });
      const { status, models } = (await health.json()) as HealthResponse;
      expect({ status, ready: models.filter(({ ready }) => ready) }).toEqual({ status: 'waiting', ready: [] });
    } finally {
      await cloud.stop();
    }
  }, 60_000);
});

interface Call {
  readonly body?: string;
  /** Null for none. @default - the development key */
  readonly key?: string | null;
  /** @default - the one that serves */
  readonly url?: string;
}

function call(method: string, path: string, { body, key = serving.key, url = serving.url }: Call = {}) {
  const headers = { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) };
  return fetch(`${url}${path}`, { method, headers, body });
}

async function expectPrediction(): Promise<void> {
  const response = await call('POST', predictions, { body: instances(example) });
  expect(response.status).toBe(200);
  expect(((await response.json()) as PredictResponse).predictions).toHaveLength(1);
}

function instances(...rows: readonly object[]): string {
  return JSON.stringify({ instances: rows });
}

/** A body that is longer than so many bytes. */
function padded(bytes: number): string {
  return `{"instances":[${' '.repeat(bytes)}]}`;
}

async function createKey(scope: string): Promise<{ key: string; keyId: string }> {
  return JSON.parse((await perennial.cli(['keys', 'create', '--scope', scope, '--json'])).stdout);
}

function lifecycle() {
  return perennial.cli(['run', 'bank-marketing']);
}

async function countRows(): Promise<number> {
  const [row] = await queryLake(perennial.clientSettings(), 'SELECT count(*) FROM bank_marketing_observations');
  return Number(row![0]);
}

async function drop(name: string, content: string | Uint8Array): Promise<void> {
  const Body = Buffer.from(content as string);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `landing/bank-marketing/${name}`, Body }));
}

async function landing(): Promise<(string | undefined)[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'landing/' }));
  return Contents.map(({ Key }) => Key);
}

async function read(key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Body!.transformToString();
}

/** Row and reason of what went to the quarantine that a run names. */
async function quarantined(said: string): Promise<[number | null, string][]> {
  const [, prefix] = /see (quarantine\/\S+\/)/.exec(said)!;
  const lines = (await read(`${prefix}rows.ndjson`)).trimEnd().split('\n');
  return lines.map(line => JSON.parse(line)).map(({ row, reason }) => [row, reason]);
}

/** Rows that no file had before, comma-separated. */
function bankRows(count: number): { header: string; rows: string[] } {
  const file = join(folder, 'rows.csv');
  writeBankFile(file, { rows: count, seed: ++seed });
  const text = readFileSync(file, 'utf8').replaceAll('"', '').replaceAll(';', ',');
  const [header, ...rows] = text.trimEnd().split('\n');
  return { header: header!, rows };
}

function records(count: number): Record<string, string>[] {
  const { header, rows } = bankRows(count);
  const names = header.split(',');
  return rows.map(row => Object.fromEntries(row.split(',').map((value, index) => [names[index]!, value])));
}

function toParquet(rows: readonly Readonly<Record<string, string>>[]): Uint8Array {
  const columnData = Object.keys(rows[0]!).map(name => ({ name, data: rows.map(row => row[name]) }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** A row with another value in one of its columns. */
function replaced(row: string, column: 'age' | 'job' | 'y', value: string): string {
  const values = row.split(',');
  return values.with(bankRows(1).header.split(',').indexOf(column), value).join(',');
}

function withoutLabel(): string {
  const { header, rows } = bankRows(20);
  return [header, ...rows].map(line => line.slice(0, line.lastIndexOf(','))).join('\n');
}

function mostlyBad(): string {
  const { header, rows } = bankRows(20);
  return [header, ...rows.map((row, index) => (index < 6 ? replaced(row, 'age', '-1') : row))].join('\n');
}
