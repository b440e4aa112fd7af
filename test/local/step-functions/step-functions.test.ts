import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ServiceError } from '../../../local/service.ts';
import {
  almighty,
  functionArn,
  machine,
  startWorld,
  temporaryFolder,
  type World,
  type WorldOptions,
} from './step-functions-client.ts';

const echo = machine('echo', {
  StartAt: 'Echo',
  States: { Echo: { Type: 'Task', Resource: functionArn('Echo'), End: true } },
});

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

async function world(options: Partial<WorldOptions> = {}): Promise<World> {
  const stateFolder = options.stateFolder ?? (await temporaryFolder());
  const functions = { Echo: (payload: unknown) => payload, ...options.functions };
  const started = await startWorld({ machines: [echo], ...options, stateFolder, functions });
  worlds.push(started);
  return started;
}

/** A function that answers when the test says so. */
function gate() {
  const { promise: opened, resolve: open } = Promise.withResolvers<unknown>();
  const { promise: entered, resolve: enter } = Promise.withResolvers<unknown>();
  return {
    entered,
    open,
    wait: (payload: unknown) => {
      enter(payload);
      return opened;
    },
  };
}

function start(name?: string, input?: string, stateMachineArn = echo.arn) {
  return new StartExecutionCommand({ stateMachineArn, name, input });
}

/** Runs a machine of one task to its end. */
async function runTask(
  task: object,
  functions: WorldOptions['functions'],
  input = '{}',
  rest: Partial<WorldOptions> = {},
) {
  const one = machine('one', { StartAt: 'Only', States: { Only: { Type: 'Task', End: true, ...task } } });
  const { client, ended } = await world({ machines: [one], functions, ...rest });
  const { executionArn } = await client.send(start(undefined, input, one.arn));
  const execution = await ended(executionArn!);
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  return { execution, types: events.map(({ type }) => type) };
}

describe('StartExecution', () => {
  test('answers the running execution of the same name and input', async () => {
    const { wait, open, entered } = gate();
    const { client, ended, calls } = await world({ functions: { Echo: wait } });
    const first = await client.send(start('same', '{"a":1}'));
    await entered;

    expect((await client.send(start('same', '{"a":1}'))).executionArn).toBe(first.executionArn);
    await expect(client.send(start('same', '{"a":2}'))).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });

    open({});
    await ended(first.executionArn!);
    expect(calls).toHaveLength(1);
    await expect(client.send(start('same', '{"a":1}'))).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  test('names an execution that comes without a name', async () => {
    const { client } = await world();

    const { executionArn, startDate } = await client.send(start());

    expect(executionArn).toMatch(/^arn:aws:states:us-east-1:000000000000:execution:echo:[0-9a-f-]{36}$/);
    expect(startDate).toBeInstanceOf(Date);
  });

  test.each([
    ['InvalidName', start('two words')],
    ['InvalidName', start('a:b')],
    ['InvalidName', start('x'.repeat(81))],
    ['InvalidExecutionInput', start('fine', '{')],
    ['ValidationException', start('fine', `"${'x'.repeat(262_144)}"`)],
    ['StateMachineDoesNotExist', start('fine', '{}', `${echo.arn}x`)],
    ['InvalidArn', start('fine', '{}', 'echo')],
  ])('answers %s', async (name, command) => {
    const { client } = await world();

    await expect(client.send(command)).rejects.toMatchObject({ name });
  });

  test('is denied to a caller without a grant', async () => {
    const caller = {
      principal: 'arn:aws:iam::000000000000:role/reader',
      require(action: string, resource: string) {
        if (action === 'states:StartExecution')
          throw new ServiceError('AccessDeniedException', `${action} on ${resource}`);
      },
    };
    const { client } = await world({ caller });

    await expect(client.send(start())).rejects.toMatchObject({ message: `states:StartExecution on ${echo.arn}` });
  });
});

describe('ListExecutions', () => {
  test('pages from the newest to the oldest', async () => {
    const { client, ended } = await world();
    for (const name of ['a', 'b', 'c']) await ended((await client.send(start(name))).executionArn!);

    const first = await client.send(new ListExecutionsCommand({ stateMachineArn: echo.arn, maxResults: 2 }));
    const rest = await client.send(
      new ListExecutionsCommand({ stateMachineArn: echo.arn, maxResults: 2, nextToken: first.nextToken }),
    );

    expect(first.executions!.map(({ name }) => name)).toEqual(['c', 'b']);
    expect(rest.executions!.map(({ name }) => name)).toEqual(['a']);
    expect(rest.nextToken).toBeUndefined();
  });

  test('filters by status', async () => {
    const { client, ended } = await world({
      functions: { Echo: (_, attempt) => (attempt === 1 ? {} : Promise.reject(new Error('no'))) },
    });
    for (const name of ['good', 'bad']) await ended((await client.send(start(name))).executionArn!);

    const { executions } = await client.send(
      new ListExecutionsCommand({ stateMachineArn: echo.arn, statusFilter: 'FAILED' }),
    );

    expect(executions!.map(({ name }) => name)).toEqual(['bad']);
  });

  test('refuses a token of another list', async () => {
    const { client } = await world();

    await expect(
      client.send(new ListExecutionsCommand({ stateMachineArn: echo.arn, nextToken: 'x' })),
    ).rejects.toMatchObject({ name: 'InvalidToken' });
  });
});

test('GetExecutionHistory pages and reverses', async () => {
  const { client, ended } = await world();
  const { executionArn } = await client.send(start());
  await ended(executionArn!);

  const first = await client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 3 }));
  const second = await client.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 9, nextToken: first.nextToken }),
  );

  expect(first.events!.map(({ id }) => id)).toEqual([7, 6, 5]);
  expect(second.events!.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
  expect(second.events!.at(-1)).toMatchObject({ type: 'ExecutionStarted', previousEventId: 0 });
});

test('DescribeExecution answers ExecutionDoesNotExist for an ARN that never ran', async () => {
  const { client } = await world();
  const executionArn = `${echo.arn.replace('stateMachine', 'execution')}:never`;

  await expect(client.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject({
    name: 'ExecutionDoesNotExist',
  });
});

test('DescribeStateMachine and ListStateMachines answer the machines', async () => {
  const { client } = await world();

  const { stateMachines } = await client.send(new ListStateMachinesCommand());
  const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn: echo.arn }));

  expect(stateMachines!.map(({ name }) => name)).toEqual(['echo']);
  expect(described).toMatchObject({ name: 'echo', status: 'ACTIVE', definition: echo.definition });
});

test('an action that is not there answers UnknownOperationException', async () => {
  const { service } = await world();

  await expect(service.handle('CreateStateMachine', {}, almighty)).rejects.toMatchObject({
    code: 'UnknownOperationException',
  });
});

describe('StopExecution', () => {
  test('ends an execution as ABORTED and calls nothing more', async () => {
    const { wait, open, entered } = gate();
    const Echo = {
      Type: 'Task',
      Resource: functionArn('Echo'),
      Next: 'After',
      Retry: [{ ErrorEquals: ['States.ALL'] }],
    };
    const After = { Type: 'Task', Resource: functionArn('After'), End: true };
    const two = machine('two', { StartAt: 'Echo', States: { Echo, After } });
    const { client, calls } = await world({ machines: [two], functions: { Echo: wait, After: () => ({}) } });
    const { executionArn } = await client.send(start('stopped', '{}', two.arn));
    await entered;

    await client.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'it took too long' }));
    open({});

    const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'it took too long',
    });
    expect(events!.at(-1)!.type).toBe('ExecutionAborted');
    expect(calls).toHaveLength(1);
  });

  test('leaves an execution that has ended as it is', async () => {
    const { client, ended } = await world();
    const { executionArn } = await client.send(start());
    await ended(executionArn!);

    await client.send(new StopExecutionCommand({ executionArn }));

    expect((await ended(executionArn!)).status).toBe('SUCCEEDED');
  });
});

describe('resume()', () => {
  test('runs an execution again that was running when the process ended, with its input and start', async () => {
    const stateFolder = await temporaryFolder();
    const { wait, entered } = gate();
    const before = await world({ stateFolder, functions: { Echo: wait } });
    const { executionArn, startDate } = await before.client.send(start('again', '{"a":1}'));
    await entered;
    await before.service.stop();

    const after = await world({ stateFolder, functions: { Echo: () => ({ done: true }) } });
    expect((await after.client.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('RUNNING');
    after.service.resume();
    const execution = await after.ended(executionArn!);

    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '{"done":true}', startDate });
    expect(after.calls).toEqual([{ name: 'Echo', payload: { a: 1 } }]);
    const { events } = await after.client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events!.filter(({ type }) => type === 'ExecutionStarted')).toHaveLength(1);
  });

  test('runs an execution again after a death that cut its history off', async () => {
    const stateFolder = await temporaryFolder();
    const dead = await world({ stateFolder, functions: { Echo: gate().wait } });
    const { executionArn } = await dead.client.send(start('cut'));
    await appendFile(join(stateFolder, 'echo', 'cut', 'history.ndjson'), '{"id":5,"ty');
    await writeFile(join(stateFolder, 'echo', 'cut', 'execution.json.tmp'), '{"exec');

    const after = await world({ stateFolder });
    const { events: before } = await after.client.send(new GetExecutionHistoryCommand({ executionArn }));
    after.service.resume();
    await after.ended(executionArn!);

    expect(before!.every(({ type }) => type !== undefined)).toBe(true);
    const { events } = await after.client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events!.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(events!.at(-1)!.type).toBe('ExecutionSucceeded');
  });

  test('leaves ended executions alone, and knows them', async () => {
    const stateFolder = await temporaryFolder();
    const before = await world({ stateFolder });
    const { executionArn } = await before.client.send(start('once'));
    await before.ended(executionArn!);

    const after = await world({ stateFolder });
    after.service.resume();

    expect((await after.ended(executionArn!)).status).toBe('SUCCEEDED');
    expect(after.calls).toEqual([]);
  });

  test('aborts an execution whose machine is gone', async () => {
    const stateFolder = await temporaryFolder();
    const before = await world({ stateFolder, functions: { Echo: gate().wait } });
    const { executionArn } = await before.client.send(start());
    await before.service.stop();

    const after = await world({ stateFolder, machines: [] });
    after.service.resume();

    expect((await after.ended(executionArn!)).status).toBe('ABORTED');
  });
});

describe('a task', () => {
  test('runs a function through lambda:invoke, by name or ARN', async () => {
    const { execution, types } = await runTask(
      {
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'Double', Payload: { 'number.$': '$.number' } },
        OutputPath: '$.Payload',
      },
      { Double: ({ number }: { number: number }) => number * 2 },
      '{"number":21}',
    );

    expect(execution.output).toBe('42');
    expect(types).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('times out', async () => {
    const { execution, types } = await runTask(
      { Resource: functionArn('Slow'), TimeoutSeconds: 1 },
      { Slow: () => new Promise(() => {}) },
    );

    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(types).toContain('LambdaFunctionTimedOut');
  });

  test('fails for good when its result is above 256 KiB, even where all errors are caught', async () => {
    const { execution } = await runTask(
      {
        Resource: functionArn('Big'),
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Only' }],
      },
      { Big: () => 'x'.repeat(262_144) },
    );

    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('fails when the machine may not invoke the function', async () => {
    const { execution } = await runTask({ Resource: functionArn('Secret') }, {}, '{}', {
      authorize: (machineArn, action, resource) => {
        throw new ServiceError('AccessDeniedException', `${machineArn} may not ${action} ${resource}`);
      },
    });

    expect(execution).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
    expect(execution.cause).toContain(`may not lambda:InvokeFunction ${functionArn('Secret')}`);
  });

  test('that answers nothing has the result null', async () => {
    const { execution } = await runTask({ Resource: functionArn('Quiet') }, { Quiet: () => undefined });

    expect(execution.output).toBe('null');
  });
});

describe('a task that waits for its token', () => {
  const task = {
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: functionArn('Ask'), Payload: { 'token.$': '$$.Task.Token' } },
    Catch: [{ ErrorEquals: ['Declined'], ResultPath: '$.refusal', Next: 'Declined' }],
    Next: 'Approved',
  };
  const asking = machine('asking', {
    StartAt: 'Ask',
    States: {
      Ask: { Type: 'Task', ...task },
      Approved: { Type: 'Succeed' },
      Declined: { Type: 'Pass', End: true },
    },
  });

  async function ask() {
    const { promise: asked, resolve } = Promise.withResolvers<string>();
    const Ask = ({ token }: { token: string }) => resolve(token);
    const started = await world({ machines: [asking], functions: { Ask } });
    const { executionArn } = await started.client.send(start(undefined, '{}', asking.arn));
    return { ...started, executionArn, taskToken: await asked };
  }

  test('goes on with the output that comes with the token', async () => {
    const { client, ended, executionArn, taskToken } = await ask();

    await client.send(new SendTaskHeartbeatCommand({ taskToken }));
    await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"by":"Ada"}' }));

    expect((await ended(executionArn!)).output).toBe('{"by":"Ada"}');
    await expect(client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }))).rejects.toMatchObject({
      name: 'TaskTimedOut',
    });
  });

  test('fails by the name that comes with the token', async () => {
    const { client, ended, executionArn, taskToken } = await ask();

    await client.send(new SendTaskFailureCommand({ taskToken, error: 'Declined', cause: 'too risky' }));

    expect(JSON.parse((await ended(executionArn!)).output!)).toEqual({
      refusal: { Error: 'Declined', Cause: 'too risky' },
    });
  });

  test('refuses a token that is none, and an output that is no JSON', async () => {
    const { client, taskToken } = await ask();

    await expect(client.send(new SendTaskSuccessCommand({ taskToken: 'made up', output: '{}' }))).rejects.toMatchObject(
      { name: 'InvalidToken' },
    );
    await expect(client.send(new SendTaskSuccessCommand({ taskToken, output: '{' }))).rejects.toMatchObject({
      name: 'InvalidOutput',
    });
  });

  test('times out without a heartbeat', async () => {
    const { execution } = await runTask(
      { ...task, Next: undefined, Catch: undefined, HeartbeatSeconds: 5 },
      { Ask: () => {} },
    );

    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
  });

  test('times out in domain time', async () => {
    const { execution, types } = await runTask(
      { ...task, Next: undefined, Catch: undefined, TimeoutSeconds: 500 },
      { Ask: () => {} },
    );

    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(types.slice(-3)).toEqual(['TaskSubmitted', 'TaskTimedOut', 'ExecutionFailed']);
  });
});

test('a Wait state lasts as long as the domain clock says, and passes its input on', async () => {
  const waiting = machine('waiting', {
    StartAt: 'A day',
    States: {
      'A day': { Type: 'Wait', Seconds: 60, Next: 'Until then' },
      'Until then': { Type: 'Wait', TimestampPath: '$.until', Next: 'As long' },
      'As long': { Type: 'Wait', SecondsPath: '$.seconds', End: true },
    },
  });
  const { client, ended } = await world({ machines: [waiting] });
  const input = { until: '2026-01-01T00:00:00Z', seconds: 30 };
  const { executionArn } = await client.send(start(undefined, JSON.stringify(input), waiting.arn));

  const { output, startDate, stopDate } = await ended(executionArn!);

  expect(JSON.parse(output!)).toEqual(input);
  expect(stopDate!.getTime() - startDate!.getTime()).toBeGreaterThanOrEqual(90_000);
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events!.map(({ type }) => type)).toContain('WaitStateExited');
});

test('a Map state sees the execution that was started, and tells of its iterations', async () => {
  const mapping = machine('mapping', {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemsPath: '$.numbers',
        ItemProcessor: {
          StartAt: 'Add',
          States: {
            Add: {
              Type: 'Task',
              Resource: functionArn('Add'),
              Parameters: { 'number.$': '$', 'to.$': '$$.Execution.Input.to', 'name.$': '$$.Execution.Name' },
              End: true,
            },
          },
        },
        End: true,
      },
    },
  });
  const Add = ({ number, to, name }: { number: number; to: number; name: string }) => `${name} ${number + to}`;
  const { client, ended } = await world({ machines: [mapping], functions: { Add } });
  const { executionArn } = await client.send(start('sum', '{"numbers":[1,2],"to":10}', mapping.arn));

  expect(JSON.parse((await ended(executionArn!)).output!)).toEqual(['sum 11', 'sum 12']);
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events!.filter(({ type }) => type === 'MapIterationSucceeded')).toHaveLength(2);
  expect(events!.find(({ type }) => type === 'MapIterationStarted')).toMatchObject({
    mapIterationStartedEventDetails: { name: 'Each', index: 0 },
  });
});

test('a state whose output grows above 256 KiB fails the execution before the next task runs', async () => {
  const growing = machine('growing', {
    StartAt: 'Grow',
    States: {
      Grow: {
        Type: 'Pass',
        Parameters: { 'a.$': '$.text', 'b.$': '$.text' },
        Next: 'After',
      },
      After: { Type: 'Task', Resource: functionArn('After'), End: true },
    },
  });
  const { client, ended, calls } = await world({ machines: [growing], functions: { After: () => ({}) } });
  const input = JSON.stringify({ text: 'x'.repeat(200_000) });
  const { executionArn } = await client.send(start(undefined, input, growing.arn));

  expect(await ended(executionArn!)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  expect(calls).toEqual([]);
});

describe('a machine that can not be run here', () => {
  test.each([
    ['is no ASL', { StartAt: 'Nowhere', States: {} }, 'invalid'],
    [
      'runs another service',
      { StartAt: 'Send', States: { Send: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true } } },
      'sqs:sendMessage',
    ],
    [
      'takes a timeout from its input',
      {
        StartAt: 'A',
        States: { A: { Type: 'Task', Resource: functionArn('A'), TimeoutSecondsPath: '$.t', End: true } },
      },
      'TimeoutSecondsPath',
    ],
  ])('is refused at once: it %s', async (_, definition, problem) => {
    await expect(world({ machines: [machine('odd', definition)] })).rejects.toMatchObject({
      name: 'UnsupportedMachineError',
      message: expect.stringContaining(problem),
    });
  });
});
