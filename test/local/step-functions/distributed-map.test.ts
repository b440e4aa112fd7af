import { GetExecutionHistoryCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ServiceError } from '../../../local/service.ts';
import {
  deployedMachine,
  functionArn,
  machine,
  type ScriptedFunction,
  startWorld,
  temporaryFolder,
  type World,
  type WorldOptions,
} from './step-functions-client.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

async function world(options: Omit<WorldOptions, 'stateFolder'> & { readonly stateFolder?: string }): Promise<World> {
  const stateFolder = options.stateFolder ?? (await temporaryFolder());
  const started = await startWorld({ ...options, stateFolder });
  worlds.push(started);
  return started;
}

const map = {
  ...{ Type: 'Map', Label: 'Each', ResultPath: null, Next: 'Done' },
  ItemReader: {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType: 'JSON' },
    Parameters: { Bucket: 'lists', 'Key.$': '$.list' },
  },
  ItemSelector: { 'number.$': '$$.Map.Item.Value', 'list.$': '$.list', 'execution.$': '$$.Execution.Name' },
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'Take',
    States: { Take: { Type: 'Task', Resource: functionArn('Take'), OutputPath: null, End: true } },
  },
  Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Failed' }],
};

function distributed(changes: object = {}) {
  return machine('distributed', {
    StartAt: 'Each',
    States: {
      Each: { ...map, ...changes },
      Done: { Type: 'Succeed' },
      Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
    },
  });
}

/** Runs the Map over a list to its end. */
async function run(Take: ScriptedFunction, list: unknown, rest: Partial<WorldOptions> = {}) {
  const one = distributed();
  const objects = { 'lists/a.json': JSON.stringify(list) };
  const { client, ended, calls } = await world({ machines: [one], functions: { Take }, objects, ...rest });
  const start = { stateMachineArn: one.arn, name: 'run', input: '{"list":"a.json"}' };
  const { executionArn } = await client.send(new StartExecutionCommand(start));
  const execution = await ended(executionArn!);
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }));
  return { execution, calls: calls.map(({ payload }) => payload), types: events.map(({ type }) => type) };
}

test('a distributed Map takes each item of the list that its reader names, and keeps its input', async () => {
  const { execution, calls, types } = await run(() => ({}), [7, { of: 'any' }]);

  expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '{"list":"a.json"}' });
  expect(calls).toEqual([
    { number: 7, list: 'a.json', execution: 'run' },
    { number: { of: 'any' }, list: 'a.json', execution: 'run' },
  ]);
  expect(types.filter(type => type?.startsWith('MapState'))).toEqual([
    'MapStateEntered',
    'MapStateStarted',
    'MapStateExited',
  ]);
  expect(types.filter(type => type?.startsWith('Parallel') || type?.startsWith('FailState'))).toEqual([]);
});

test('a list of more than a state may hold is taken', async () => {
  const list = Array.from({ length: 3_500 }, (_, number) => ({ number, key: 'x'.repeat(100) }));
  const { execution, calls } = await run(() => ({}), list);

  expect(JSON.stringify(list).length).toBeGreaterThan(262_144);
  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  expect(calls).toHaveLength(list.length);
}, 60_000);

test('of an empty list, nothing is taken', async () => {
  expect(await run(() => ({}), [])).toMatchObject({ execution: { status: 'SUCCEEDED' }, calls: [] });
});

test('an item that fails for good fails the state, by the name that AWS gives it', async () => {
  const { execution } = await run(() => Promise.reject(new Error('no')), [1, 2]);

  expect(execution).toMatchObject({
    status: 'FAILED',
    error: 'States.ExceedToleratedFailureThreshold',
    cause: 'The specified tolerated failure threshold was exceeded',
  });
});

test.each([
  ['is no list', { a: 1 }, 'States.ItemReaderFailed', 'no JSON array'],
  ['is not there', undefined, 'States.ItemReaderFailed', ''],
])('what %s is an error of the reader', async (_, list, error, cause) => {
  const { execution } = await run(() => ({}), list);

  expect(execution).toMatchObject({ status: 'FAILED', error, cause: expect.stringContaining(cause) });
});

test.each([
  ['s3:GetObject', 'arn:aws:s3:::lists/a.json', 'States.ItemReaderFailed'],
  ['states:StartExecution', distributed().arn, 'States.Permissions'],
])('without a grant of %s on %s it fails', async (denied, on, error) => {
  const { execution, calls } = await run(() => ({}), [1], {
    authorize(_, action, resource) {
      if (action === denied && resource === on) throw new ServiceError('AccessDeniedException', `${action} is denied`);
    },
  });

  expect(execution).toMatchObject({ status: 'FAILED', error, cause: `${denied} is denied` });
  expect(calls).toEqual([]);
});

test.each([
  ['a list of lines', { ItemReader: { ...map.ItemReader, ReaderConfig: { InputType: 'JSONL' } } }, 'InputType'],
  ['items of its input', { ItemReader: undefined }, 'expected arn:aws:states:::s3:getObject'],
  ['failures that it tolerates', { ToleratedFailurePercentage: 5 }, 'tolerates failures'],
  ['results that it keeps', { ResultPath: '$.results' }, 'keeps the results'],
  [
    'items that ask for their execution',
    {
      ItemProcessor: {
        ...map.ItemProcessor,
        States: { Take: { ...map.ItemProcessor.States.Take, Parameters: { 'id.$': '$$.Execution.Id' } } },
      },
    },
    'of their own execution',
  ],
])('a distributed Map with %s is refused at once', async (_, changes, problem) => {
  const refused = world({ machines: [distributed(changes)], functions: {} });
  await expect(refused).rejects.toMatchObject({
    name: 'UnsupportedMachineError',
    message: expect.stringContaining(problem),
  });
});

test('batch scoring plans, scores every part of the list, appends, and asks for more; an execution that goes on appends at once', async () => {
  const machines = [await deployedMachine('score-batch')];
  const parts = [0, 1, 2].map(number => ({ number, key: 'x', rows: null }));
  const planned = { status: 'planned', batch: 4, partsKey: 'parts.json' };
  const plans = [planned, { status: 'scored', batch: 5 }, { status: 'done', result: { rows: 9 } }];
  const functions = {
    Plan: (_: never, attempt: number) => plans[attempt - 1],
    Score: () => null,
    Append: () => ({ rows: 3 }),
  };
  const objects = { 'data/parts.json': JSON.stringify(parts) };
  const { client, ended, calls } = await world({ machines, functions, objects });
  const input = JSON.stringify({ useCase: 'loans' });
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: machines[0]!.arn, input }));

  expect(await ended(executionArn!)).toMatchObject({ status: 'SUCCEEDED', output: '{"rows":9}' });
  expect(calls.map(({ name }) => name)).toEqual([
    'Plan',
    'Score',
    'Score',
    'Score',
    'Append',
    'Plan',
    'Append',
    'Plan',
  ]);
  const plan = calls.filter(({ name }) => name === 'Plan').map(({ payload }) => payload);
  expect(plan.slice(0, 2)).toMatchObject([
    { request: { useCase: 'loans' }, executionId: executionArn, plan: null, failure: null },
    { plan: planned, failure: null },
  ]);
  const scored = calls.filter(({ name }) => name === 'Score').map(({ payload }) => payload);
  expect(scored).toEqual(parts.map(part => ({ useCase: 'loans', batch: 4, part, executionId: executionArn })));
});

test('when parts of a batch cannot be scored, the plan is told, and its error is that of the execution', async () => {
  const machines = [await deployedMachine('score-batch')];
  const planned = { status: 'planned', batch: 4, partsKey: 'parts.json' };
  const functions = {
    Plan: (_: never, attempt: number) =>
      attempt === 1 ? planned : Promise.reject(Object.assign(new Error('given up'), { name: 'ScoringFailedError' })),
    Score: () => Promise.reject(Object.assign(new Error('no file'), { name: 'UnreadableFileError' })),
  };
  const { client, ended, calls } = await world({ machines, functions, objects: { 'data/parts.json': '[{}]' } });
  const input = JSON.stringify({ useCase: 'loans' });
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: machines[0]!.arn, input }));

  expect(await ended(executionArn!)).toMatchObject({ status: 'FAILED', error: 'ScoringFailedError' });
  expect(calls.map(({ name }) => name)).toEqual(['Plan', 'Score', 'Plan']);
  expect(calls.at(-1)!.payload).toMatchObject({
    plan: planned,
    failure: { Error: 'States.ExceedToleratedFailureThreshold' },
  });
});
