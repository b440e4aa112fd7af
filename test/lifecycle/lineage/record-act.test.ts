import { freeze } from '../../../lifecycle/datasets/freeze.ts';
import type { RunEvent } from '../../../lifecycle/lineage/run-events.ts';
import { register } from '../../../lifecycle/registry/register.ts';
import { planExperiment } from '../../../lifecycle/training/plan-experiment.ts';
import { recordFailure, trainTrial } from '../../../lifecycle/training/train-trial.ts';
import { collectEvents } from '../../collect-events.ts';
import { type Lake, type OpenUseCase, startLake, today } from '../datasets/lake.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';
import { runExperiment, trainingServices } from '../training/run-experiment.ts';
import { readEnds } from './read-ends.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const context = { executionId: 'arn:execution:one', startedAt: today };
const header = 'id,customer,at,amount,visits,plan,member,churned';

/** Rows whose amount tells the label, of a customer each. */
function clients(count: number): string {
  const lines = Array.from({ length: count }, (_, row) => {
    const isPositive = row % 3 === 0;
    return `o${row},c${row},2026-01-02,${(isPositive ? 50 : 10) + (row % 45)},${row % 4},basic,ja,${isPositive ? 'yes' : 'no'}`;
  });
  return [header, ...lines].join('\n');
}

const candidates = [{ algorithm: 'logistic-regression' as const, C: 1 }];

const oneCandidate = { ...minimalUseCase, training: { ...minimalUseCase.training, candidates } };

async function freezeClients(tiny: OpenUseCase) {
  await tiny.drop('clients.csv', clients(200));
  await tiny.ingest(context.executionId);
  const request = { useCase: tiny.useCase.id, trigger: 'manual' as const };
  const frozen = await freeze(tiny.services, tiny.useCase, { ...context, request });
  if (frozen.status !== 'frozen') throw new Error(frozen.reason);
  return frozen;
}

/** Does everything from a file to a version. */
async function retrain(tiny: OpenUseCase): Promise<void> {
  const { services, useCase } = tiny;
  const { manifestKey } = await freezeClients(tiny);
  const trainer = trainingServices(services, `trainer of ${useCase.id}`);
  const { model } = await runExperiment(trainer, useCase, { ...context, manifestKey });
  const registration = { ...context, useCase: useCase.id, runId: model!.runId };
  await register({ ...services, events: collectEvents() }, registration);
}

const names = (datasets: RunEvent['inputs']) => datasets.map(({ name }) => name);

test('from a file to a version, each act reads what the one before it wrote', async () => {
  const tiny = await lake.open(oneCandidate);
  await retrain(tiny);
  const { id } = tiny.useCase;
  const lineage = await readEnds(tiny.services.objects, id);
  expect(Object.values(lineage).flatMap(events => events.map(({ eventType }) => eventType))).toEqual(
    Array(5).fill('COMPLETE'),
  );
  const [ingest, freeze, train, refit, register] = ['ingest', 'freeze', 'train', 'refit', 'register'].map(
    name => lineage[name]![0]!,
  );
  expect(ingest!.inputs).toMatchObject([{ name: `landing/${id}/clients.csv` }]);
  expect(names(freeze!.inputs)).toEqual(names(ingest!.outputs));
  expect(freeze!.inputs[0]!.facets.version).toEqual(ingest!.outputs[0]!.facets.version);
  expect(freeze!.outputs[0]!.outputFacets.outputStatistics).toMatchObject({ rowCount: 200 });
  expect(names(train!.inputs)).toEqual(names(freeze!.outputs));
  expect(names(refit!.inputs)).toEqual([...names(freeze!.outputs), ...names(train!.outputs)]);
  expect(names(register!.inputs)).toEqual(names(refit!.outputs));
  expect(register!.outputs).toMatchObject([{ name: `models/${id}`, facets: { version: { datasetVersion: '1' } } }]);
  const parents = [ingest, freeze, train, refit, register].map(act => act!.run.facets.parent);
  expect(new Set(parents.map(parent => JSON.stringify(parent))).size).toBe(1);
});

test('a batch that is refused is a failure with its reason', async () => {
  const tiny = await lake.open(minimalUseCase);
  await tiny.drop('bad.csv', `${header}\na,c,2026-01-02,many,1,basic,ja,yes`);
  await expect(tiny.ingest('arn:execution:zero')).rejects.toThrow('was refused');
  const { ingest } = await readEnds(tiny.services.objects, tiny.useCase.id);
  expect(ingest).toMatchObject([
    {
      eventType: 'FAIL',
      run: { facets: { errorMessage: { message: expect.stringContaining('rows are rejected') } } },
      inputs: [{ facets: { symlinks: { identifiers: [{ name: expect.stringContaining('quarantine/') }] } } }],
      outputs: [],
    },
  ]);
});

test('a trial that failed is a failure until it finishes, and then stays finished', async () => {
  const tiny = await lake.open(oneCandidate);
  const { services, useCase } = tiny;
  const { manifestKey, datasetId } = await freezeClients(tiny);
  const trainer = trainingServices(services, `trainer of ${useCase.id}`);
  const common = { ...context, useCase: useCase.id };
  const plan = await planExperiment(trainer, useCase, { ...common, request: {}, datasetId, manifestKey });
  const trial = { ...common, experimentId: plan.experimentId, trial: 0 };
  const failure = { Error: 'Runtime.ExitError', Cause: JSON.stringify({ errorMessage: 'no memory' }) };
  const fail = () => recordFailure(trainer, { ...trial, failure });
  const trained = async () => (await readEnds(services.objects, useCase.id)).train;
  await fail();
  expect(await trained()).toMatchObject([
    { eventType: 'FAIL', run: { facets: { errorMessage: { message: 'Runtime.ExitError: no memory' } } } },
  ]);
  await trainTrial(trainer, useCase, trial);
  expect(await trained()).toMatchObject([{ eventType: 'COMPLETE' }]);
  await fail();
  expect(await trained()).toMatchObject([{ eventType: 'COMPLETE' }]);
});
