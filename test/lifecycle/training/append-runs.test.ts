import { defineTables } from '../../../lifecycle/datasets/define-tables.ts';
import {
  claimExperiment,
  claimSelection,
  type Experiment,
  readExperiment,
} from '../../../lifecycle/registry/experiments.ts';
import { putRun } from '../../../lifecycle/registry/runs.ts';
import { appendRuns } from '../../../lifecycle/training/append-runs.ts';
import { type Athena, connectAthena } from '../../../platform/athena.ts';
import { connectObjects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { experimentRunsTable } from '../../../use-cases/runs-table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { retryThroughEveryDeath } from '../dying-services.ts';
import { exampleRun } from '../registry/example-run.ts';

let embedded: EmbeddedServices;
let athena: Athena;
let registry: Table;
let count = 0;
let experimentId: string;

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  athena = connectAthena(embedded);
  registry = connectTable('registry');
  const objects = connectObjects(embedded.bucket);
  await defineTables({ athena, objects }, { iceberg: [experimentRunsTable()], staging: [] });
});
afterAll(() => embedded.stop());
beforeEach(() => {
  experimentId = `experiment-${++count}`;
});

/** An experiment whose selection is made: a run that finished, and runs that failed. */
async function addExperiment(failures = 1): Promise<Experiment> {
  const finished = exampleRun({ runId: `${experimentId}-0`, experimentId, model: null });
  const { parameters, tags, manifestKey, seed } = finished;
  await putRun(registry, finished);
  const runIds = [finished.runId, ...Array.from({ length: failures }, (_, index) => `${experimentId}-${index + 1}`)];
  for (const runId of runIds.slice(1)) {
    const { foldMetrics, foldRows, threshold, memoryMb, peakMemoryMb, outOfFold, model, ...rest } = finished;
    const error = { name: 'TrialFailedError', cause: "it can't be fitted" };
    await putRun(registry, { ...rest, runId, status: 'failed', error });
  }
  const trials = runIds.map(runId => ({ runId, parameters, size: 'standard' as const, expectedSeconds: 1 }));
  const experiment = await claimExperiment(registry, {
    ...{ experimentId, useCase: 'loans', manifestKey, tags, metric: 'roc_auc', folds: 2, seed, trials },
    ...{ createdAt: '2026-03-02T03:00:00.000Z', createdBy: 'one', selection: null },
    append: { attempt: 0, queryIds: [], isDone: false },
  });
  const by = { at: '2026-03-02T03:05:00.000Z', by: 'one' };
  await claimSelection(registry, experiment, { ...by, runId: finished.runId, reason: 'best', verdicts: [] });
  return experiment;
}

const input = () => ({ useCase: 'loans', experimentId, executionId: 'one', startedAt: '2026-03-02T03:00:00.000Z' });
const rows = () =>
  athena.query(`SELECT * FROM experiment_runs WHERE experiment_id = '${experimentId}' ORDER BY run_id`);

test('each run is a row with parameters, figures, tags and error', async () => {
  await addExperiment();
  expect(await appendRuns({ athena, registry }, input())).toEqual({ rows: 2 });
  const { foldMetrics } = exampleRun();
  const [finished, failed] = await rows();
  expect(finished).toMatchObject({
    ...{ use_case: 'loans', run_id: `${experimentId}-0`, status: 'finished', selected: 'true', error: null },
    ...{ algorithm: 'logistic-regression', parameters: '{"C":1,"maxIter":1000}', seed: '7', folds: '2' },
    ...{ metric: 'roc_auc', memory_mb: '1769', started_at: '2026-03-02 03:00:00.000' },
    ...{ iceberg_snapshot_id: '4611686018427387905', iceberg_parent_id: null, row_count: '5000' },
    ...{ ingest_seq_from: '1', ingest_seq_to: '3', dataset_id: 'd1', code_version: 'code-1' },
  });
  expect(Number(finished!.roc_auc_mean)).toBe(foldMetrics.roc_auc.mean);
  expect(Number(finished!.log_loss_sd)).toBe(foldMetrics.log_loss.sd);
  expect(failed).toMatchObject({
    ...{ status: 'failed', selected: 'false', roc_auc_mean: null, threshold: null },
    error: "TrialFailedError: it can't be fitted",
  });
});

test('rows are appended once, whichever call it dies after, and however often it is asked', async () => {
  await addExperiment();
  const { deaths } = await retryThroughEveryDeath({ athena, registry }, dying => appendRuns(dying, input()));
  expect(deaths).toBeGreaterThan(5);
  await appendRuns({ athena, registry }, input());
  expect(await rows()).toHaveLength(2);
  expect((await readExperiment(registry, 'loans', experimentId)).append).toMatchObject({ attempt: 1, isDone: true });
});

test('statements that were not started yet are started by the next call', async () => {
  await addExperiment(110);
  const started: string[] = [];
  // The first of two statements goes through, the second never does.
  const dying: Athena = {
    ...athena,
    async start(sql, options) {
      if (sql.startsWith('INSERT')) started.push(sql);
      if (started.length === 2) throw new Error('Lost');
      return athena.start(sql, options);
    },
  };
  await expect(appendRuns({ athena: dying, registry }, input())).rejects.toThrow('Lost');
  expect(await rows()).toHaveLength(100);
  expect(await appendRuns({ athena, registry }, input())).toEqual({ rows: 111 });
  expect(await rows()).toHaveLength(111);
}, 60_000);

test('an experiment that is not there is refused by name', async () => {
  await expect(appendRuns({ athena, registry }, input())).rejects.toMatchObject({ name: 'ExperimentNotFoundError' });
});
