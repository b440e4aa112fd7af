import { GetExecutionHistoryCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { ConcludeInput } from '../../../contracts/tasks.ts';
import {
  deployedMachine,
  type ScriptedFunction,
  startWorld,
  temporaryFolder,
  type World,
} from './step-functions-client.ts';

const machine = await deployedMachine('lifecycle');
const input = { useCase: 'bank-marketing', trigger: 'manual' };

const released: Record<string, ScriptedFunction> = {
  Ingest: () => ({ proceed: true, reason: '3 rows inserted', ingestSeq: 1, snapshotId: '77' }),
  Freeze: () => ({ status: 'frozen', datasetId: 'd1', manifestKey: 'datasets/d1/manifest.json' }),
  PlanTrials: () => ({
    status: 'planned',
    experimentId: 'e1',
    trials: [
      { trial: 0, size: 'standard' },
      { trial: 1, size: 'large' },
    ],
  }),
  TrainTrial: () => ({ runId: 'r0' }),
  TrainLargeTrial: () => ({ runId: 'r1' }),
  RecordFailure: () => ({ runId: 'r0' }),
  SelectBest: () => ({ status: 'selected', runId: 'r1', reason: 'the best of 2' }),
  AppendRuns: () => ({ rows: 2 }),
  Refit: () => ({ runId: 'r1', modelSha256: 'abc' }),
  Register: () => ({ version: 4 }),
  Gate: () => ({ status: 'passed', version: 4, entry: 4, reason: 'no worse' }),
  StartRelease: () => ({ status: 'promoted', version: 4, release: 2, reason: 'released canary' }),
  Conclude: ({ state }: ConcludeInput) => ({
    outcome: state.failure
      ? 'failed'
      : state.release
        ? 'released'
        : (state.gate?.status ?? state.selection?.status ?? state.plan?.status ?? state.dataset?.status),
    version: state.registration?.version ?? null,
  }),
};

const everyTask = [
  ...['Ingest', 'Freeze', 'PlanTrials', 'TrainTrial', 'TrainLargeTrial'],
  ...['SelectBest', 'AppendRuns', 'Refit', 'Register', 'Gate', 'StartRelease', 'Conclude'],
];

let world: World | undefined;
let name = 0;
const stateFolder = await temporaryFolder();
afterEach(() => world?.stop());

async function run(functions: Record<string, ScriptedFunction>) {
  world = await startWorld({ machines: [machine], functions, stateFolder });
  name += 1;
  const { executionArn } = await world.client.send(
    new StartExecutionCommand({ stateMachineArn: machine.arn, name: `run-${name}`, input: JSON.stringify(input) }),
  );
  const execution = await world.ended(executionArn!);
  const { events = [] } = await world.client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return { execution, events, called: world.calls.map(call => call.name), calls: world.calls };
}

describe('lifecycle state machine', () => {
  test('ingests, freezes, trains, registers, gates, starts the release and concludes', async () => {
    const { execution, called, calls } = await run(released);

    expect(execution).toMatchObject({ status: 'SUCCEEDED', input: JSON.stringify(input) });
    expect(JSON.parse(execution.output!)).toEqual({ outcome: 'released', version: 4 });
    expect(called).toEqual(everyTask);
    const context = { executionId: execution.executionArn, startedAt: execution.startDate!.toISOString() };
    expect(calls[0]!.payload).toEqual({ request: input, ...context });
    const useCase = 'bank-marketing';
    const manifestKey = 'datasets/d1/manifest.json';
    expect(calls[2]!.payload).toEqual({ useCase, request: input, datasetId: 'd1', manifestKey, ...context });
    expect(calls[3]!.payload).toEqual({ useCase, experimentId: 'e1', trial: 0, ...context });
    expect(calls[4]!.payload).toEqual({ useCase, experimentId: 'e1', trial: 1, ...context });
    expect(calls.at(-4)!.payload).toEqual({ useCase, runId: 'r1', ...context });
    expect(calls.at(-2)!.payload).toEqual({ request: input, version: 4, ...context });
  });

  test('tells its history in the types and the order of Step Functions', async () => {
    const trials = [{ trial: 0, size: 'standard' }];
    const { events } = await run({
      ...released,
      PlanTrials: () => ({ status: 'planned', experimentId: 'e1', trials }),
    });

    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      ...taskEvents,
      ...choiceEvents,
      ...taskEvents,
      ...choiceEvents,
      ...taskEvents,
      ...choiceEvents,
      ...['MapStateEntered', 'MapStateStarted', 'MapIterationStarted'],
      ...choiceEvents,
      ...taskEvents,
      ...['MapIterationSucceeded', 'MapStateExited'],
      ...taskEvents,
      ...taskEvents,
      ...choiceEvents,
      ...taskEvents,
      ...taskEvents,
      ...taskEvents,
      ...choiceEvents,
      ...taskEvents,
      ...taskEvents,
      ...choiceEvents,
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events[1]!.stateEnteredEventDetails).toEqual({ name: 'Ingest', input: JSON.stringify(input) });
    expect(JSON.parse(events[4]!.lambdaFunctionSucceededEventDetails!.output!)).toMatchObject({ proceed: true });
  });

  test('ends after ingest when there is nothing to do', async () => {
    const { execution, called } = await run({ ...released, Ingest: () => ({ proceed: false, reason: 'no files' }) });

    expect(called).toEqual(['Ingest']);
    expect(execution.status).toBe('SUCCEEDED');
    expect(JSON.parse(execution.output!)).toEqual({ proceed: false, reason: 'no files' });
  });

  test.each([
    ['insufficient data', { Freeze: () => ({ status: 'insufficient data' }) }, ['Ingest', 'Freeze', 'Conclude']],
    ['unchanged', { PlanTrials: () => ({ status: 'unchanged' }) }, ['Ingest', 'Freeze', 'PlanTrials', 'Conclude']],
    [
      'none',
      { SelectBest: () => ({ status: 'none' }) },
      ['Ingest', 'Freeze', 'PlanTrials', 'TrainTrial', 'TrainLargeTrial', 'SelectBest', 'AppendRuns', 'Conclude'],
    ],
    ['rejected', { Gate: () => ({ status: 'rejected' }) }, everyTask.filter(task => task !== 'StartRelease')],
  ])('concludes as %s', async (outcome, change, expected) => {
    const { execution, called } = await run({ ...released, ...change });

    expect(called).toEqual(expected);
    expect(execution.status).toBe('SUCCEEDED');
    expect(JSON.parse(execution.output!)).toMatchObject({ outcome });
  });

  test('retries a task that fails at first', async () => {
    const Refit: ScriptedFunction = (_, attempt) => {
      if (attempt < 3) throw new Error('throttled');
      return { runId: 'r1' };
    };
    const { execution, events, called } = await run({ ...released, Refit });

    expect(execution.status).toBe('SUCCEEDED');
    expect(called.filter(call => call === 'Refit')).toHaveLength(3);
    expect(events.filter(({ type }) => type === 'LambdaFunctionFailed')).toHaveLength(2);
  });

  test('a trial that cannot be fitted is recorded at once, one that its function breaks under after retries, and the rest goes on', async () => {
    const TrainTrial = () => {
      throw Object.assign(new Error('a feature is constant'), { name: 'TrialFailedError' });
    };
    const TrainLargeTrial = () => {
      throw Object.assign(new Error('signal: killed'), { name: 'Runtime.ExitError' });
    };
    const { execution, called, calls } = await run({ ...released, TrainTrial, TrainLargeTrial });

    expect(execution.status).toBe('SUCCEEDED');
    expect(called.filter(call => call === 'TrainTrial')).toHaveLength(1);
    expect(called.filter(call => call === 'TrainLargeTrial')).toHaveLength(4);
    const failures = calls.filter(({ name }) => name === 'RecordFailure').map(({ payload }) => payload);
    expect(failures).toEqual([
      expect.objectContaining({ trial: 0, failure: { Error: 'TrialFailedError', Cause: expect.any(String) } }),
      expect.objectContaining({ trial: 1, failure: { Error: 'Runtime.ExitError', Cause: expect.any(String) } }),
    ]);
    expect(called.slice(-6)).toEqual(['AppendRuns', 'Refit', 'Register', 'Gate', 'StartRelease', 'Conclude']);
  });

  test('concludes and fails with the error of a task that keeps failing', async () => {
    class DatasetMissingError extends Error {
      override readonly name = 'DatasetMissingError';
    }
    const PlanTrials = () => {
      throw new DatasetMissingError('no manifest');
    };
    const { execution, events, called } = await run({ ...released, PlanTrials });

    expect(called).toEqual(['Ingest', 'Freeze', ...Array(5).fill('PlanTrials'), 'Conclude']);
    expect(execution).toMatchObject({ status: 'FAILED', error: 'DatasetMissingError' });
    expect(JSON.parse(execution.cause!)).toEqual({
      errorType: 'DatasetMissingError',
      errorMessage: 'no manifest',
      trace: expect.arrayContaining([expect.stringContaining('no manifest')]),
    });
    expect(events.at(-2)).toMatchObject({ type: 'FailStateEntered', stateEnteredEventDetails: { name: 'Failed' } });
    expect(events.at(-1)).toMatchObject({
      type: 'ExecutionFailed',
      executionFailedEventDetails: { error: 'DatasetMissingError', cause: execution.cause },
    });
  });

  test('does not retry an error that no retry mends', async () => {
    const Ingest = () => {
      throw Object.assign(new Error('holds it'), { name: 'LifecycleBusyError' });
    };
    const { execution, called } = await run({ ...released, Ingest });

    expect(called).toEqual(['Ingest', 'Conclude']);
    expect(execution).toMatchObject({ status: 'FAILED', error: 'LifecycleBusyError' });
  });
});

const taskEvents = [
  'TaskStateEntered',
  'LambdaFunctionScheduled',
  'LambdaFunctionStarted',
  'LambdaFunctionSucceeded',
  'TaskStateExited',
];
const choiceEvents = ['ChoiceStateEntered', 'ChoiceStateExited'];
