import type { ConcludeInput } from '../../../contracts/tasks.ts';
import { conclude } from '../../../lifecycle/registry/conclude.ts';
import {
  type Conclusion,
  listConclusions,
  putConclusion,
  readLastConclusion,
} from '../../../lifecycle/registry/execution.ts';
import { takeLifecycle } from '../../../lifecycle/registry/lifecycle-lease.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import type { Workflows } from '../../../platform/workflows.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { retryThroughEveryDeath } from '../dying-services.ts';

let services: EmbeddedServices;
let registry: Table;
let useCase: string;
let count = 0;
const clock = { now: () => new Date('2026-03-02T03:10:00.000Z'), real: (ms: number) => ms };
const executionId = 'arn:aws:states:us-east-1:000000000000:execution:Perennial-lifecycle:one';
const ingest = {
  ...{ proceed: true, reason: 'new rows', ingestSeq: 3, snapshotId: '1', files: 1, rows: 10 },
  ...{ inserted: 10, duplicates: 0, labelled: 0, rejected: 0, quarantine: null },
};
const dataset = { status: 'frozen', datasetId: 'd', manifestKey: 'k', rows: 10, positives: 2 } as const;
/** Every execution asked about runs. */
const workflows = { describe: async () => ({ status: 'RUNNING' }) } as unknown as Workflows;

beforeAll(async () => {
  services = await startEmbeddedServices();
  registry = connectTable('registry');
});
afterAll(() => services.stop());
beforeEach(() => {
  useCase = `loans-${++count}`;
});

function inputOf(state: ConcludeInput['state']): ConcludeInput {
  return { request: { useCase, trigger: 'schedule' }, state, executionId, startedAt: '2026-03-02T03:00:00.000Z' };
}

test('a released version is the outcome', async () => {
  const release = { status: 'promoted', version: 4, release: 9, reason: 'better' } as const;
  const state = { ingest, dataset, selection: { status: 'selected', runId: 'r', reason: 'best' } as const, release };
  expect(await conclude({ registry, clock }, inputOf(state))).toEqual({
    outcome: 'released',
    version: 4,
    reason: 'better',
  });
  expect(await listConclusions(registry, useCase)).toEqual([
    {
      ...{ executionId, trigger: 'schedule', asOf: '2026-03-02T03:00:00.000Z', ingestSeq: 3 },
      ...{ concludedAt: '2026-03-02T03:10:00.000Z', outcome: 'released', version: 4, reason: 'better', error: null },
    },
  ]);
});

test('content that was trained before is the outcome unchanged, with its version', async () => {
  const state = { ingest, dataset, plan: { status: 'unchanged', experimentId: 'e', version: 2 } as const };
  expect(await conclude({ registry, clock }, inputOf(state))).toMatchObject({ outcome: 'unchanged', version: 2 });
});

test('an experiment in which nothing beat the base rate is the outcome rejected, without a version', async () => {
  const state = {
    ingest,
    dataset,
    selection: { status: 'none', reason: 'none of 3 trials beats the base rate' } as const,
  };
  expect(await conclude({ registry, clock }, inputOf(state))).toEqual({
    outcome: 'rejected',
    version: null,
    reason: 'none of 3 trials beats the base rate',
  });
  const plan = { status: 'unchanged', experimentId: 'e', version: null } as const;
  expect(await conclude({ registry, clock }, inputOf({ ingest, dataset, plan }))).toMatchObject({
    outcome: 'unchanged',
    version: null,
  });
});

test('too few rows are the outcome insufficient data', async () => {
  const state = {
    ingest,
    dataset: { status: 'insufficient data', reason: '10 of 1000 rows', rows: 10, positives: 2 } as const,
  };
  expect(await conclude({ registry, clock }, inputOf(state))).toEqual({
    outcome: 'insufficient data',
    version: null,
    reason: '10 of 1000 rows',
  });
});

test('a failure of a function is recorded by its name and message', async () => {
  const Cause = JSON.stringify({ errorType: 'QueryFailedError', errorMessage: 'Athena query 7 FAILED', trace: [] });
  const state = { ingest, failure: { Error: 'QueryFailedError', Cause } };
  expect(await conclude({ registry, clock }, inputOf(state))).toEqual({
    outcome: 'failed',
    version: null,
    reason: 'QueryFailedError: Athena query 7 FAILED',
  });
  expect((await listConclusions(registry, useCase))[0]!.error).toEqual({
    name: 'QueryFailedError',
    cause: 'Athena query 7 FAILED',
  });
});

test('a failure without a cause, as a timeout is, is recorded too', async () => {
  const state = { failure: { Error: 'States.Timeout' } as { Error: string; Cause: string } };
  expect(await conclude({ registry, clock }, inputOf(state))).toMatchObject({
    outcome: 'failed',
    reason: 'States.Timeout',
  });
});

test('a state without failure or decision is no conclusion', async () => {
  await expect(conclude({ registry, clock }, inputOf({ ingest, dataset }))).rejects.toThrow('Cannot conclude');
});

test('the next execution may begin once this one is concluded, whichever call it dies after', async () => {
  await takeLifecycle({ registry, workflows, clock }, useCase, executionId);
  const state = { ingest, dataset, plan: { status: 'unchanged', experimentId: 'e', version: 2 } as const };
  const { deaths } = await retryThroughEveryDeath({ registry, clock }, dying => conclude(dying, inputOf(state)));
  expect(deaths).toBe(2);
  expect(await listConclusions(registry, useCase)).toHaveLength(1);
  await takeLifecycle({ registry, workflows, clock }, useCase, 'another');
});

test('an execution that was refused because another runs leaves the other its hold', async () => {
  await takeLifecycle({ registry, workflows, clock }, useCase, 'another');
  await conclude({ registry, clock }, inputOf({ failure: { Error: 'LifecycleBusyError', Cause: 'busy' } }));
  await expect(takeLifecycle({ registry, workflows, clock }, useCase, 'a third')).rejects.toMatchObject({
    name: 'LifecycleBusyError',
    holder: 'another',
  });
});

test('the last conclusion is the newest that is no failure, however many failed since', async () => {
  expect(await readLastConclusion(registry, useCase)).toBeUndefined();
  const conclude = (day: number, outcome: Conclusion['outcome']) =>
    putConclusion(registry, useCase, {
      ...{ executionId: `${executionId}-${day}`, trigger: 'schedule', outcome, ingestSeq: day, version: null },
      ...{ asOf: new Date(Date.UTC(2026, 0, day)).toISOString(), concludedAt: '', reason: '', error: null },
    });
  await conclude(1, 'released');
  await conclude(2, 'rejected');
  for (let day = 3; day < 28; day++) await conclude(day, 'failed');
  expect(await readLastConclusion(registry, useCase)).toMatchObject({ ingestSeq: 2, outcome: 'rejected' });
});
