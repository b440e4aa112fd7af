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
  Train: () => ({ status: 'trained', runId: 'r1', modelSha256: 'abc' }),
  Register: () => ({ version: 4 }),
  Redeploy: () => ({ status: 'released', version: 4, entry: 4, reason: 'no worse' }),
  Conclude: ({ state }: ConcludeInput) => ({
    outcome: state.failure ? 'failed' : (state.release?.status ?? state.training?.status ?? state.dataset?.status),
    version: state.registration?.version ?? null,
  }),
};

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
  test('ingests, freezes, trains, registers, redeploys and concludes', async () => {
    const { execution, called, calls } = await run(released);

    expect(execution).toMatchObject({ status: 'SUCCEEDED', input: JSON.stringify(input) });
    expect(JSON.parse(execution.output!)).toEqual({ outcome: 'released', version: 4 });
    expect(called).toEqual(['Ingest', 'Freeze', 'Train', 'Register', 'Redeploy', 'Conclude']);
    const context = { executionId: execution.executionArn, startedAt: execution.startDate!.toISOString() };
    expect(calls[0]!.payload).toEqual({ request: input, ...context });
    expect(calls[2]!.payload).toEqual({
      useCase: 'bank-marketing',
      datasetId: 'd1',
      manifestKey: 'datasets/d1/manifest.json',
      ...context,
    });
  });

  test('tells its history in the types and the order of Step Functions', async () => {
    const { events } = await run(released);

    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      ...taskEvents,
      ...choiceEvents,
      ...taskEvents,
      ...choiceEvents,
      ...taskEvents,
      ...choiceEvents,
      ...taskEvents,
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
    ['unchanged', { Train: () => ({ status: 'unchanged' }) }, ['Ingest', 'Freeze', 'Train', 'Conclude']],
    [
      'rejected',
      { Redeploy: () => ({ status: 'rejected' }) },
      ['Ingest', 'Freeze', 'Train', 'Register', 'Redeploy', 'Conclude'],
    ],
  ])('concludes as %s', async (outcome, change, expected) => {
    const { execution, called } = await run({ ...released, ...change });

    expect(called).toEqual(expected);
    expect(execution.status).toBe('SUCCEEDED');
    expect(JSON.parse(execution.output!)).toMatchObject({ outcome });
  });

  test('retries a task that fails at first', async () => {
    const Train: ScriptedFunction = (_, attempt) => {
      if (attempt < 3) throw new Error('throttled');
      return { status: 'trained', runId: 'r1' };
    };
    const { execution, events, called } = await run({ ...released, Train });

    expect(execution.status).toBe('SUCCEEDED');
    expect(called.filter(call => call === 'Train')).toHaveLength(3);
    expect(events.filter(({ type }) => type === 'LambdaFunctionFailed')).toHaveLength(2);
  });

  test('concludes and fails with the error of a task that keeps failing', async () => {
    class DatasetMissingError extends Error {
      override readonly name = 'DatasetMissingError';
    }
    const Train = () => {
      throw new DatasetMissingError('no manifest');
    };
    const { execution, events, called } = await run({ ...released, Train });

    expect(called).toEqual(['Ingest', 'Freeze', 'Train', 'Train', 'Train', 'Train', 'Conclude']);
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
