import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Reproduction } from '../../lifecycle/lineage/reproduce.ts';
import type { RunEvent } from '../../lifecycle/lineage/run-events.ts';
import type { Experiment } from '../../lifecycle/registry/experiments.ts';
import type { TrackedRun } from '../../lifecycle/registry/runs.ts';
import { synthesize } from '../synthesize.ts';
import { Perennial, type Serving } from './perennial.ts';
import { queryLake } from './query-lake.ts';
import { writeBankFile } from './write-bank-file.ts';

const perennial = new Perennial(synthesize(), { speed: 10 });
const folder = mkdtempSync(join(tmpdir(), 'perennial-files-'));
let serving: Serving;

beforeAll(async () => {
  const file = join(folder, 'clients.csv');
  writeBankFile(file, { rows: 4_000, seed: 3 });
  // The functions of the third trial to end, which is the boosted one, die whenever they would put it on record: each trial is put after its arrival.
  const deadly = {
    function: 'TrainTrial',
    action: 'dynamodb:PutItem',
    nth: 5,
    times: Number.MAX_SAFE_INTEGER,
  } as const;
  serving = await perennial.serve(['--data', file], [{ ...deadly, when: 'before', do: 'kill-worker' }]);
}, 180_000);
afterAll(async () => {
  await perennial.dispose();
  rmSync(folder, { recursive: true });
});

async function ask<Answer>(...args: string[]): Promise<Answer> {
  const { stdout, stderr } = await perennial.cli([...args, '--json']);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('a trial whose function keeps dying is on record with its error, and the best of the others serves', async () => {
  expect(serving.welcome).toContain('Version       1');
  const runs = await ask<TrackedRun[]>('runs', 'list', 'bank-marketing', '--sort', 'params.algorithm');
  expect(runs).toMatchObject([
    {
      status: 'failed',
      parameters: { algorithm: 'gradient-boosting' },
      error: { name: 'Runtime.ExitError', cause: expect.any(String) },
    },
    { status: 'finished', parameters: { algorithm: 'logistic-regression' }, tags: { row_count: 4_000 } },
    { status: 'finished', parameters: { algorithm: 'logistic-regression' } },
  ]);
  const [version] = await ask<{ runId: string }[]>('versions', 'bank-marketing');
  const selected = runs.find(({ runId }) => runId === version!.runId)!;
  expect(selected).toMatchObject({ status: 'finished', model: { modelSha256: expect.any(String) } });
});

test('the experiment says which trial was selected and why', async () => {
  const [experiment, ...others] = await ask<Experiment[]>('experiments', 'list', 'bank-marketing');
  expect(others).toEqual([]);
  expect(experiment!.trials).toHaveLength(3);
  const id = experiment!.experimentId.slice(0, 10);
  const { stdout } = await perennial.cli(['experiments', 'show', 'bank-marketing', id]);
  expect(stdout).toMatch(/Selected +logistic-regression, the (best|simplest)/);
  expect(stdout).toMatch(/→ +[0-9a-f]{12} +logistic-regression/);
  expect(stdout).toMatch(/gradient-boosting .* failed/);
});

test('runs are filtered, and asked for by SQL', async () => {
  const filter = 'metrics.roc_auc > 0.6 and params.algorithm = "logistic-regression" and params.C < 0.5';
  const found = await ask<TrackedRun[]>('runs', 'list', 'bank-marketing', '--filter', filter);
  expect(found).toMatchObject([{ parameters: { C: 0.1 } }]);
  const sql =
    'SELECT algorithm, status, count(*), max(roc_auc_mean) > 0.6 FROM experiment_runs GROUP BY 1, 2 ORDER BY 1';
  expect(await queryLake(perennial.clientSettings(), sql)).toEqual([
    ['gradient-boosting', 'failed', '1', undefined],
    ['logistic-regression', 'finished', '2', 'true'],
  ]);
});

test('a filter that cannot be read is refused where it goes wrong', async () => {
  const { code, stderr } = await perennial.cli(['runs', 'list', 'bank-marketing', '--filter', 'seconds >']);
  expect(code).toBe(1);
  expect(stderr).toContain('Cannot read the filter at character 10: got the end');
});

test('the version is made again by the recorded program after maintenance, byte by byte', async () => {
  expect(await perennial.cli(['maintain', 'bank-marketing'])).toMatchObject({ code: 0 });
  const { code, stdout, stderr } = await perennial.cli(['reproduce', 'bank-marketing', 'champion', '--json']);
  const made: Reproduction = JSON.parse(stdout);
  expect({ code, made }).toEqual({
    code: 0,
    made: {
      ...{ useCase: 'bank-marketing', version: 1, runId: expect.any(String) },
      ...{ modelSha256: made.modelSha256, reproducedSha256: made.modelSha256 },
      ...{ trainer: expect.stringMatching(/^[0-9a-f]{64}$/), difference: null },
    },
  });
  expect(stderr).toMatch(/Read .+ 4,000 rows[\s\S]+Train /);
});

test('each step has left its events, also the one whose functions died', async () => {
  const client = new S3Client({ ...perennial.clientSettings(), forcePathStyle: true });
  const { Buckets } = await client.send(new ListBucketsCommand());
  const Bucket = Buckets![0]!.Name!;
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'lineage/bank-marketing/' }));
  const ends = await Promise.all(
    Contents!.map(async ({ Key }) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      const { job, eventType }: RunEvent = JSON.parse((await Body!.transformToString()).trimEnd().split('\n').at(-1)!);
      return `${job.name} ${eventType}`;
    }),
  );
  expect(ends.sort()).toEqual([
    'bank-marketing.freeze COMPLETE',
    'bank-marketing.ingest COMPLETE',
    'bank-marketing.refit COMPLETE',
    'bank-marketing.register COMPLETE',
    'bank-marketing.train COMPLETE',
    'bank-marketing.train COMPLETE',
    'bank-marketing.train FAIL',
  ]);
});
