import { claimExperiment, type Experiment, walkExperiments } from '../../../lifecycle/registry/experiments.ts';
import { putRun, walkRuns } from '../../../lifecycle/registry/runs.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { collect } from '../../collect.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { exampleRun } from './example-run.ts';

let embedded: EmbeddedServices;
let registry: Table;
beforeAll(async () => {
  embedded = await startEmbeddedServices();
  registry = connectTable('registry');
});
afterAll(() => embedded.stop());

/** Counts what is read of a table. */
function counting(table: Table) {
  const reads = { count: 0 };
  const counted: Table = {
    ...table,
    get: key => {
      reads.count++;
      return table.get(key);
    },
    query: (pk, options) => {
      reads.count++;
      return table.query(pk, options);
    },
  };
  return { reads, counted };
}

const startedAt = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour)).toISOString();

test('the newest runs are read without the others, whatever their ids', async () => {
  for (let hour = 0; hour < 60; hour++) {
    await putRun(
      registry,
      exampleRun({ useCase: 'many', runId: `run-${(hour * 37) % 60}`, startedAt: startedAt(hour) }),
    );
  }
  const { reads, counted } = counting(registry);
  const found: string[] = [];
  for await (const run of walkRuns(counted, 'many')) {
    found.push(run.startedAt);
    if (found.length === 3) break;
  }
  expect(found).toEqual([59, 58, 57].map(startedAt));
  expect(reads.count).toBe(4);
});

test('a run that failed stands where its later attempt does', async () => {
  const { model, foldMetrics, ...rest } = exampleRun({ useCase: 'again', runId: 'a', startedAt: startedAt(1) });
  await putRun(registry, { ...rest, status: 'failed', error: { name: 'Error', cause: 'memory' } } as never);
  await putRun(registry, exampleRun({ useCase: 'again', runId: 'b', startedAt: startedAt(2) }));
  await putRun(registry, exampleRun({ useCase: 'again', runId: 'a', startedAt: startedAt(3) }));
  const runs = await collect(walkRuns(registry, 'again'));
  expect(runs.map(({ runId, status }) => [runId, status])).toEqual([
    ['a', 'finished'],
    ['b', 'finished'],
  ]);
  expect(await collect(walkRuns(registry, 'again', runs[0]))).toMatchObject([{ runId: 'b' }]);
});

test('an experiment that is planned again stands where it was planned first', async () => {
  const { manifestKey, tags, seed } = exampleRun();
  const plan = (experimentId: string, hour: number): Promise<Experiment> =>
    claimExperiment(registry, {
      ...{ experimentId, useCase: 'plans', manifestKey, tags, seed, metric: 'roc_auc', folds: 2, trials: [] },
      ...{ createdAt: startedAt(hour), createdBy: 'one', selection: null },
      append: { attempt: 0, queryIds: [], isDone: false },
    });
  await plan('a', 1);
  await plan('b', 2);
  await plan('a', 3);
  const experiments = await collect(walkExperiments(registry, 'plans'));
  expect(experiments.map(({ experimentId }) => experimentId)).toEqual(['b', 'a']);
});
