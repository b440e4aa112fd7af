import { hash } from 'node:crypto';
import type { TrainInput } from '../../../contracts/tasks.ts';
import { isHoldout } from '../../../lifecycle/datasets/holdout.ts';
import { readDataset } from '../../../lifecycle/datasets/read-dataset.ts';
import { modelCardKey, modelKey } from '../../../lifecycle/inference/model-signature.ts';
import { readModelCard, readModelFile } from '../../../lifecycle/registry/model-files.ts';
import { register } from '../../../lifecycle/registry/register.ts';
import { findRun } from '../../../lifecycle/registry/runs.ts';
import { appendEntry } from '../../../lifecycle/release/ledger.ts';
import { crossValidate } from '../../../lifecycle/training/cross-validate.ts';
import { splitRows } from '../../../lifecycle/training/fit-trial.ts';
import { type TrainServices, train } from '../../../lifecycle/training/train.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { dieAfter, retryThroughEveryDeath } from '../dying-services.ts';
import { loans } from '../inference/loans.ts';
import { writeLoans } from './write-loans.ts';

let embedded: EmbeddedServices;
let objects: Objects;
let registry: Table;
let services: TrainServices;
let seed = 100;

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  objects = connectObjects(embedded.bucket);
  registry = connectTable('registry');
});
afterAll(() => embedded.stop());
beforeEach(() => {
  const bytes = Buffer.from(`trainer of ${++seed}`);
  let now = Date.parse('2026-03-02T03:00:00.000Z');
  const clock = {
    now() {
      now += 500;
      return new Date(now);
    },
    real: (ms: number) => ms,
  };
  services = { objects, registry, clock, code: { bytes, sha256: hash('sha256', bytes, 'hex') } };
});

async function inputOf(manifestKey: string): Promise<TrainInput> {
  return {
    useCase: 'loans',
    datasetId: 'd',
    manifestKey,
    executionId: 'execution',
    startedAt: '2026-03-02T03:00:00.000Z',
  };
}

async function trainLoans(rows = 2_000) {
  const input = await inputOf(await writeLoans(objects, { rows, seed }));
  const output = await train(services, loans, input);
  return { input, output, run: (await findRun(registry, 'loans', output.runId))! };
}

test('train stores a model that its name and its card describe, and the code that made it', async () => {
  const { run, output } = await trainLoans();
  expect(output).toEqual({ status: 'trained', runId: run.runId, modelSha256: run.modelSha256 });
  const onnx = await readModelFile(objects, run);
  expect(onnx).toHaveLength(run.modelBytes);
  const card = await readModelCard(objects, run);
  expect(card).toMatchObject({ runId: run.runId, useCase: 'loans', threshold: run.threshold, tags: run.tags });
  expect(card.signature).toEqual({
    features: [
      { name: 'age', kind: 'number', type: 'integer', meaning: 'Age in years', range: [18, 77] },
      {
        name: 'income',
        kind: 'number',
        type: 'number',
        meaning: 'Yearly income',
        range: [expect.any(Number), expect.any(Number)],
      },
      { name: 'job', kind: 'category', type: 'category', meaning: 'Kind of job', levels: ['clerk', 'farmer', 'nurse'] },
      { name: 'owner', kind: 'number', type: 'boolean', meaning: 'Owns a house', range: [0, 1] },
    ],
    label: { column: 'repaid', meaning: 'Paid back in time', positive: 'yes', negative: 'no' },
  });
  expect(card.referenceProfile).toMatchObject({ rows: run.trainingRows, scores: { rows: run.trainingRows } });
  expect(await objects.read(`code/${services.code.sha256}.mjs`)).toEqual(Uint8Array.from(services.code.bytes));
});

test('a run records parameters in full, tags, figures with intervals, and the time taken', async () => {
  const { run, input } = await trainLoans();
  expect(run).toMatchObject({
    parameters: { algorithm: 'logistic-regression', C: 1, maxIter: 1_000 },
    seed: 1,
    manifestKey: input.manifestKey,
    createdBy: 'execution',
    seconds: 0.5,
    tags: {
      iceberg_snapshot_id: '4611686018427387905',
      iceberg_parent_id: null,
      iceberg_committed_at: '2026-03-01T00:00:00.000Z',
      row_count: 2_000,
      ingest_seq: { from: 1, to: 2 },
      label_seq: { from: 1, to: 2 },
      code_version: services.code.sha256,
    },
  });
  expect(run.trainingRows + run.holdoutRows).toBe(2_000);
  expect(run.parity).toBeLessThanOrEqual(1e-5);
  for (const { rows, positives, metrics } of Object.values(run.metrics)) {
    expect(positives).toBeLessThan(rows);
    for (const name of ['roc_auc', 'average_precision', 'log_loss', 'brier', 'accuracy'] as const) {
      const { value, low, high, baseRate } = metrics![name];
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect(baseRate).toEqual(expect.any(Number));
    }
    expect(metrics!.roc_auc.value).toBeGreaterThan(0.75);
  }
  const { mean, sd, folds } = run.foldMetrics.roc_auc;
  expect(folds).toHaveLength(2);
  expect(mean).toBeCloseTo((folds[0]! + folds[1]!) / 2, 12);
  expect(sd).toBeCloseTo(Math.abs(folds[0]! - folds[1]!) / Math.SQRT2, 12);
});

test('golden rows have missing and unseen values, and the probabilities that the trainer gives them', async () => {
  const { run } = await trainLoans();
  const { goldenRows } = await readModelCard(objects, run);
  const instances = goldenRows.map(({ instance }) => instance);
  expect(instances).toHaveLength(8);
  expect(instances).toContainEqual({ age: null, income: null, job: null, owner: null });
  expect(instances.filter(({ job }) => String(job).startsWith('none of'))).toHaveLength(1);
  expect(typeof instances[0]!.owner).toBe('boolean');
  for (const { probability } of goldenRows) {
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThan(1);
  }
});

test('the same rows in other files, by the same code, are the same run with the same bytes', async () => {
  const { output, input } = await trainLoans();
  const manifest = await objects.readJson<Record<string, unknown>>(input.manifestKey);
  const parts = [...(manifest.parts as unknown[])].reverse();
  await objects.write(
    'datasets/loans/other/1/manifest.json',
    JSON.stringify({ ...manifest, parts, datasetId: 'other' }),
  );
  const again = await train(services, loans, await inputOf('datasets/loans/other/1/manifest.json'));
  expect(again).toEqual(output);
});

test('other code is another run, of which the model may be the very same', async () => {
  const { output, input, run } = await trainLoans();
  const bytes = Buffer.from('another trainer');
  const other = { ...services, code: { bytes, sha256: hash('sha256', bytes, 'hex') } };
  const again = await train(other, loans, input);
  expect(again.runId).not.toBe(output.runId);
  expect(again).toMatchObject({ status: 'trained', modelSha256: run.modelSha256 });
});

test('train answers unchanged once the version of its run was judged, and not before', async () => {
  const { output, input, run } = await trainLoans();
  const { version } = await register(services, { ...input, runId: run.runId });
  expect(await train(services, loans, input)).toEqual(output);
  await appendEntry(registry, 'loans', {
    entry: version,
    at: '',
    by: 'execution',
    decision: 'rejected',
    version,
    reason: '',
    routing: null,
    evidence: {},
  });
  const later = { ...input, executionId: 'a later execution' };
  expect(await train(services, loans, later)).toEqual({ status: 'unchanged', runId: run.runId, version });
  // Run again from its start, the execution that judged it comes to the same end.
  expect(await train(services, loans, input)).toEqual(output);
});

test.each(['missing', 'damaged'])('a run of which the model is %s is trained again, and mended', async state => {
  const { output, input, run } = await trainLoans(600);
  if (state === 'missing') await objects.delete(modelKey('loans', run.modelSha256));
  else await objects.write(modelKey('loans', run.modelSha256), 'damaged');
  await objects.write(modelCardKey('loans', run.modelSha256), '{');
  expect(await train(services, loans, input)).toEqual(output);
  await readModelFile(objects, run);
  await readModelCard(objects, run);
});

test('train comes to the same end whichever call it dies after', async () => {
  const input = await inputOf(await writeLoans(objects, { rows: 600, seed }));
  const { answer, deaths } = await retryThroughEveryDeath(services, dying => train(dying, loans, input));
  expect(answer).toMatchObject({ status: 'trained' });
  expect(deaths).toBeGreaterThan(6);
  await readModelFile(objects, (await findRun(registry, 'loans', answer.runId))!);
});

test('a run is on record only when its files are there', async () => {
  const input = await inputOf(await writeLoans(objects, { rows: 600, seed }));
  const put: string[] = [];
  const watched: TrainServices = {
    ...services,
    objects: {
      ...objects,
      async write(key, ...rest) {
        put.push(key);
        await objects.write(key, ...rest);
      },
    },
    registry: {
      ...registry,
      async put(item) {
        put.push(item.pk);
      },
    },
  };
  await train(watched, loans, input);
  expect(put.map(key => key.replace(/[0-9a-f]{64}/, '…'))).toEqual([
    'code/….mjs',
    'models/loans/….json',
    'models/loans/….onnx',
    'loans#run',
  ]);
});

test('a damaged dataset is refused, and nothing is stored', async () => {
  const manifestKey = await writeLoans(objects, { rows: 600, seed });
  const { parts } = await objects.readJson<{ parts: { key: string }[] }>(manifestKey);
  await objects.write(parts[0]!.key, 'damaged');
  const before = await objects.list('models/loans/');
  await expect(train(services, loans, await inputOf(manifestKey))).rejects.toMatchObject({
    name: 'DatasetCorruptError',
  });
  expect(await objects.list('models/loans/')).toEqual(before);
});

test('a fifth of the rows is held out, with all rows of their entities', async () => {
  const dataset = await readDataset(objects, loans, await writeLoans(objects, { rows: 1_000, seed }));
  const { trainingRows, holdoutRows } = splitRows(dataset.entityIds);
  expect([...holdoutRows].every(row => isHoldout(dataset.entityIds[row]!))).toBe(true);
  expect(holdoutRows.length / 1_000).toBeCloseTo(0.2, 1);
  const held = new Set(Array.from(holdoutRows, row => dataset.entityIds[row]));
  expect([...trainingRows].filter(row => held.has(dataset.entityIds[row]))).toEqual([]);
});

test('the rows of an entity are in one fold', async () => {
  const dataset = await readDataset(objects, loans, await writeLoans(objects, { rows: 1_000, seed }));
  const { entityIds } = dataset;
  const { trainingRows: rows } = splitRows(entityIds);
  const parameters = { algorithm: 'logistic-regression', C: 1 } as const;
  const { foldOfRow } = crossValidate({ data: dataset, entityIds, rows, folds: 4, parameters, seed: 1 });
  const folds = Map.groupBy(rows.keys(), index => entityIds[rows[index]!]!);
  expect([...folds.values()].some(indices => indices.length > 1)).toBe(true);
  for (const indices of folds.values()) expect(new Set(indices.map(index => foldOfRow[index])).size).toBe(1);
});

test('fewer positive entities than folds are refused by name', async () => {
  const manifestKey = await writeLoans(objects, { rows: 8, seed });
  const many = { ...loans, training: { ...loans.training, folds: 9 } };
  await expect(train(services, many, await inputOf(manifestKey))).rejects.toThrow('Cannot split into 9 folds');
});

test('dieAfter lets nothing through after its last call', async () => {
  const { services: dying } = dieAfter({ objects }, 1);
  await expect(dying.objects.write('a', 'a')).rejects.toThrow('Died');
  await expect(dying.objects.exists('a')).rejects.toThrow('Died');
  expect(await objects.exists('a')).toBe(true);
});
