import type { RefitOutput } from '../../../contracts/tasks.ts';
import { isHoldout } from '../../../lifecycle/datasets/holdout.ts';
import { readDataset } from '../../../lifecycle/datasets/read-dataset.ts';
import { openModel } from '../../../lifecycle/inference/model-session.ts';
import { modelCardKey, modelKey } from '../../../lifecycle/inference/model-signature.ts';
import { readExperiment } from '../../../lifecycle/registry/experiments.ts';
import { readModelCard, readModelFile } from '../../../lifecycle/registry/model-files.ts';
import { register } from '../../../lifecycle/registry/register.ts';
import { findFinishedRun, findRun, listRuns } from '../../../lifecycle/registry/runs.ts';
import { appendEntry } from '../../../lifecycle/release/ledger.ts';
import { crossValidate } from '../../../lifecycle/training/cross-validate.ts';
import { planExperiment } from '../../../lifecycle/training/plan-experiment.ts';
import { splitRows } from '../../../lifecycle/training/split-rows.ts';
import { takeRows } from '../../../lifecycle/training/take-rows.ts';
import { recordFailure, trainTrial } from '../../../lifecycle/training/train-trial.ts';
import type { TrainingServices } from '../../../lifecycle/training/training-services.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import type { CandidateSpec, UseCase } from '../../../use-cases/define-use-case.ts';
import { collectEvents } from '../../collect-events.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { dieAfter, retryThroughEveryDeath } from '../dying-services.ts';
import { loans } from '../inference/loans.ts';
import { runExperiment, trainingServices } from './run-experiment.ts';
import { writeLoans } from './write-loans.ts';

let embedded: EmbeddedServices;
let objects: Objects;
let registry: Table;
let services: TrainingServices;
let seed = 100;

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  objects = connectObjects(embedded.bucket);
  registry = connectTable('registry');
});
afterAll(() => embedded.stop());
beforeEach(() => {
  let now = Date.parse('2026-03-02T03:00:00.000Z');
  const clock = {
    now() {
      now += 500;
      return new Date(now);
    },
    real: (ms: number) => ms,
  };
  services = trainingServices({ objects, registry, clock }, `trainer of ${++seed}`);
});

function inputOf(manifestKey: string) {
  return { manifestKey, executionId: 'execution', startedAt: '2026-03-02T03:00:00.000Z' };
}

function withCandidates(...candidates: CandidateSpec[]): UseCase {
  return { ...loans, training: { ...loans.training, candidates } };
}

/** The run that an experiment selected, with its model. */
async function selected({ runId }: Pick<RefitOutput, 'runId'>) {
  const run = (await findFinishedRun(registry, 'loans', runId))!;
  return { run, model: { useCase: 'loans', ...run.model! } };
}

async function tryLoans(rows = 2_000) {
  const input = inputOf(await writeLoans(objects, { rows, seed }));
  const end = await runExperiment(services, loans, input);
  return { input, end, ...(await selected(end.model!)) };
}

test('the selected trial becomes a model that its name and its card describe, with the code that made it', async () => {
  const { run, model, end } = await tryLoans();
  expect(end).toMatchObject({
    plan: { status: 'planned', trials: [{ trial: 0, size: 'standard' }] },
    selection: { status: 'selected', runId: run.runId },
    model: { runId: run.runId, modelSha256: model.modelSha256 },
  });
  const onnx = await readModelFile(objects, model);
  expect(onnx).toHaveLength(model.modelBytes);
  const card = await readModelCard(objects, model);
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

test('a run records parameters in full, tags, figures of the folds, and the time and memory taken', async () => {
  const { run, input, end } = await tryLoans();
  expect(run).toMatchObject({
    status: 'finished',
    experimentId: end.plan.experimentId,
    parameters: { algorithm: 'logistic-regression', C: 1, maxIter: 1_000 },
    seed: 1,
    manifestKey: input.manifestKey,
    createdBy: 'execution',
    seconds: 0.5,
    memoryMb: 1_769,
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
  expect(run.peakMemoryMb).toBeGreaterThan(10);
  expect(run.trainingRows + run.holdoutRows).toBe(2_000);
  expect(run.foldRows.reduce((sum, { rows }) => sum + rows, 0)).toBe(run.trainingRows);
  const { mean, sd, folds } = run.foldMetrics.roc_auc;
  expect(folds).toHaveLength(2);
  expect(mean).toBeCloseTo((folds[0]! + folds[1]!) / 2, 12);
  expect(sd).toBeCloseTo(Math.abs(folds[0]! - folds[1]!) / Math.SQRT2, 12);
});

test('a model records figures with intervals, and how exactly its file answers', async () => {
  const { model } = await tryLoans();
  expect(model.parity).toBeLessThanOrEqual(1e-5);
  for (const { rows, positives, metrics } of Object.values(model.metrics)) {
    expect(positives).toBeLessThan(rows);
    for (const name of ['roc_auc', 'average_precision', 'log_loss', 'brier', 'accuracy'] as const) {
      const { value, low, high, baseRate } = metrics![name];
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect(baseRate).toEqual(expect.any(Number));
    }
    expect(metrics!.roc_auc.value).toBeGreaterThan(0.75);
  }
});

test('golden rows have missing and unseen values, and the probabilities that the trainer gives them', async () => {
  const { model } = await tryLoans();
  const { goldenRows } = await readModelCard(objects, model);
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

test('of several candidates each is a run, and the simplest within one standard error of the best is selected', async () => {
  const useCase = withCandidates(
    { algorithm: 'gradient-boosting', trees: 10, maxDepth: 3 },
    { algorithm: 'logistic-regression', grid: { C: [1e-6, 1] } },
  );
  const input = inputOf(await writeLoans(objects, { rows: 2_000, seed }));
  const { plan, selection } = await runExperiment(services, useCase, input);
  const experiment = await readExperiment(registry, 'loans', plan.experimentId);
  const runs = (await listRuns(registry, 'loans')).filter(({ experimentId }) => experimentId === plan.experimentId);
  expect(runs.map(({ runId }) => runId).toSorted()).toEqual(experiment.trials.map(({ runId }) => runId).toSorted());
  expect(selection).toEqual({
    status: 'selected',
    runId: experiment.trials[2]!.runId,
    reason: expect.stringContaining('logistic-regression, the best of 3 trials: roc_auc'),
  });
  expect(experiment.selection).toMatchObject({
    by: 'execution',
    verdicts: [{ beatsBaseRate: true }, { beatsBaseRate: true }, { beatsBaseRate: true, shortfall: 0 }],
  });
});

test('a trial that fails is on record with its error, and the others go on', async () => {
  const strange = { algorithm: 'gradient-boosting', trees: 2, monotone: { shoe_size: 1 } } as const;
  const useCase = withCandidates({ algorithm: 'logistic-regression' }, strange);
  const { plan } = await runExperiment(services, useCase, inputOf(await writeLoans(objects, { rows: 600, seed })));
  const { trials, selection } = await readExperiment(registry, 'loans', plan.experimentId);
  expect(selection).toMatchObject({
    runId: trials[0]!.runId,
    verdicts: [{ status: 'finished' }, { status: 'failed', mean: null, beatsBaseRate: false }],
  });
  expect(await findRun(registry, 'loans', trials[1]!.runId)).toMatchObject({
    status: 'failed',
    error: { name: 'TrialFailedError', cause: expect.stringContaining('shoe_size') },
    parameters: { algorithm: 'gradient-boosting', trees: 2 },
  });
});

test('a trial that failed is tried again by the next execution, and then finished for good', async () => {
  const input = inputOf(await writeLoans(objects, { rows: 600, seed }));
  const common = { ...input, useCase: 'loans', trial: 0 };
  const plan = await planExperiment(services, loans, { ...common, request: {}, datasetId: 'd' });
  const trial = { ...common, experimentId: plan.experimentId };
  const failure = { Error: 'States.Timeout', Cause: '' };
  const { runId } = await recordFailure(services, { ...trial, failure });
  expect(await findFinishedRun(registry, 'loans', runId)).toBeUndefined();
  await trainTrial(services, loans, trial);
  await recordFailure(services, { ...trial, failure });
  expect(await findFinishedRun(registry, 'loans', runId)).toMatchObject({ status: 'finished' });
});

test('when all trials fail, the error says of what', async () => {
  const many = { ...loans, training: { ...loans.training, folds: 9 } };
  const input = inputOf(await writeLoans(objects, { rows: 8, seed }));
  await expect(runExperiment(services, many, input)).rejects.toMatchObject({
    name: 'AllTrialsFailedError',
    message: expect.stringMatching(/All 1 trials .* the first of TrialFailedError: Cannot split into 9 folds/),
  });
});

test('nothing is selected when no candidate beats the base rate, and the next execution finds that out at once', async () => {
  const useCase = withCandidates({ algorithm: 'gradient-boosting', trees: 100, maxDepth: 6, learningRate: 1 });
  const input = inputOf(await writeLoans(objects, { rows: 600, seed, withoutSignal: true }));
  const { plan, selection, model } = await runExperiment(services, useCase, input);
  expect(selection).toEqual({ status: 'none', reason: 'none of 1 trials beats the base rate' });
  expect(model).toBeUndefined();
  const later = await runExperiment(services, useCase, { ...input, executionId: 'a later execution' });
  expect(later).toEqual({ plan: { status: 'unchanged', experimentId: plan.experimentId, version: null } });
  expect((await runExperiment(services, useCase, input)).selection).toEqual(selection);
});

test('the same rows in other files, by the same code, are the same experiment with the same bytes', async () => {
  const { end, input } = await tryLoans();
  const manifest = await objects.readJson<Record<string, unknown>>(input.manifestKey);
  const parts = [...(manifest.parts as unknown[])].reverse();
  const other = 'datasets/loans/other/1/manifest.json';
  await objects.write(other, JSON.stringify({ ...manifest, parts, datasetId: 'other' }));
  expect(await runExperiment(services, loans, inputOf(other))).toEqual(end);
});

test('other code is another run, of which the model may be the very same', async () => {
  const { end, input, model } = await tryLoans();
  const other = trainingServices(services, 'another trainer');
  const again = await runExperiment(other, loans, input);
  expect(again.model!.runId).not.toBe(end.model!.runId);
  expect(again.model!.modelSha256).toBe(model.modelSha256);
});

test('a trial planned by other code is refused: a deployment came in between', async () => {
  const { end, input, run } = await tryLoans(600);
  const other = trainingServices(services, 'a newer trainer');
  const common = { useCase: 'loans', ...input };
  await expect(
    trainTrial(other, loans, { ...common, experimentId: end.plan.experimentId, trial: 0 }),
  ).rejects.toMatchObject({ name: 'TrainerChangedError' });
  expect(run.tags.code_version).toBe(services.code.sha256);
});

test('an experiment is unchanged once the version of its run was judged, and not before', async () => {
  const { end, input, run } = await tryLoans();
  const { version } = await register(
    { ...services, events: collectEvents() },
    { ...input, useCase: 'loans', runId: run.runId },
  );
  expect(await runExperiment(services, loans, input)).toEqual(end);
  await appendEntry(registry, 'loans', {
    entry: version,
    at: '',
    by: 'execution',
    decision: 'rejected',
    version,
    release: null,
    running: null,
    reason: '',
    routing: null,
    evidence: {},
  });
  const later = { ...input, executionId: 'a later execution' };
  const { experimentId } = end.plan;
  expect(await runExperiment(services, loans, later)).toEqual({ plan: { status: 'unchanged', experimentId, version } });
  // Run again from its start, the execution that judged it comes to the same end.
  expect(await runExperiment(services, loans, input)).toEqual(end);
});

test.each(['missing', 'damaged'])('a model that is %s is made again, and mended', async state => {
  const { end, input, run, model } = await tryLoans(600);
  const { modelSha256 } = model;
  if (state === 'missing') {
    await objects.delete(modelKey('loans', modelSha256));
    await objects.delete(run.outOfFold.key);
  } else {
    await objects.write(modelKey('loans', modelSha256), 'damaged');
    await objects.write(run.outOfFold.key, 'damaged');
  }
  await objects.write(modelCardKey('loans', modelSha256), '{');
  expect(await runExperiment(services, loans, input)).toEqual(end);
  await readModelFile(objects, model);
  await readModelCard(objects, model);
});

test('an experiment comes to the same end whichever call it dies after', async () => {
  const input = inputOf(await writeLoans(objects, { rows: 600, seed }));
  const useCase = withCandidates({ algorithm: 'logistic-regression', grid: { C: [0.1, 1] } });
  const { answer, deaths } = await retryThroughEveryDeath(services, dying => runExperiment(dying, useCase, input));
  expect(answer).toMatchObject({ selection: { status: 'selected' } });
  expect(deaths).toBeGreaterThan(14);
  await readModelFile(objects, (await selected(answer.model!)).model);
});

test('a run is on record only when its files are there', async () => {
  const input = inputOf(await writeLoans(objects, { rows: 600, seed }));
  const put: string[] = [];
  const watched: TrainingServices = {
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
      async put(item, condition) {
        put.push(item.pk);
        await registry.put(item, condition);
      },
      async update(key, ...rest) {
        put.push(`${key.pk} again`);
        return registry.update(key, ...rest);
      },
    },
  };
  await runExperiment(watched, loans, input);
  expect(put.map(key => key.replace(/[0-9a-f]{64}/, '…'))).toEqual([
    'code/….mjs',
    'loans#experiment-order',
    'loans#experiment',
    'runs/loans/…/out-of-fold.parquet',
    'lineage/loans/train/….ndjson',
    'loans#run-order',
    'loans#run',
    'loans#experiment again',
    'models/loans/….json',
    'models/loans/….onnx',
    'lineage/loans/refit/….ndjson',
    'loans#run again',
  ]);
});

test('a damaged dataset fails the experiment, and no model is stored', async () => {
  const manifestKey = await writeLoans(objects, { rows: 600, seed });
  const { parts } = await objects.readJson<{ parts: { key: string }[] }>(manifestKey);
  await objects.write(parts[0]!.key, 'damaged');
  const before = await objects.list('models/loans/');
  await expect(runExperiment(services, loans, inputOf(manifestKey))).rejects.toThrow('DatasetCorruptError');
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

test('dieAfter lets nothing through after its last call', async () => {
  const { services: dying } = dieAfter({ objects }, 1);
  await expect(dying.objects.write('a', 'a')).rejects.toThrow('Died');
  await expect(dying.objects.exists('a')).rejects.toThrow('Died');
  expect(await objects.exists('a')).toBe(true);
});

test("a preset that is asked for is tried instead of the use case's own candidates", async () => {
  const input = inputOf(await writeLoans(objects, { rows: 300, seed }));
  const plan = await planExperiment(services, loans, {
    ...{ ...input, useCase: 'loans', datasetId: 'd' },
    request: { candidates: 'r1' },
  });
  expect(plan).toMatchObject({ status: 'planned', trials: { length: 10 } });
});

test('a trial on resampled rows is recorded with its resampling and its curve, and its model answers calibrated probabilities', async () => {
  const candidate: CandidateSpec = {
    ...({ algorithm: 'gradient-boosting', trees: 20, maxDepth: 2 } as const),
    grid: { resampling: [{ method: 'smote', k: 3, percentageOver: 400 }] },
  };
  const input = inputOf(await writeLoans(objects, { rows: 1_500, seed }));
  const end = await runExperiment(services, withCandidates(candidate), input);
  const { run, model } = await selected(end.model!);
  expect(run.parameters.resampling).toEqual({ method: 'smote', k: 3, percentageOver: 400, percentageUnder: 100 });
  expect(run.curve.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(run.curve[19]!.training!).toBeLessThan(run.curve[0]!.training!);
  expect(model.parity).toBeLessThan(1e-5);
  const dataset = await readDataset(objects, loans, input.manifestKey);
  const { holdoutRows } = splitRows(dataset.entityIds);
  const file = await readModelFile(objects, model);
  const session = await openModel(file);
  const scores = await session.score(takeRows(dataset.columns, holdoutRows));
  await session.close();
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  // Of some 300 rows: two standard errors of their share are 0.05. Uncalibrated, SMOTE would have it about twice as high.
  expect(Math.abs(mean(scores) - mean(holdoutRows.map(row => dataset.labels[row]!)))).toBeLessThan(0.06);
  // Entities have up to two rows, so that the intervals draw entities.
  expect(model.metrics.holdout.metrics!.roc_auc.low).toBeLessThan(model.metrics.holdout.metrics!.roc_auc.value);
});
