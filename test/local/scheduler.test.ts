import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readClock } from '../../lifecycle/clock.ts';
import { type Schedule, type Schedules, type SchedulesOptions, startSchedules } from '../../local/scheduler.ts';
import { ServiceError } from '../../local/service.ts';

const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Perennial-lifecycle';
const roleArn = 'arn:aws:iam::000000000000:role/scheduler';
const everyMinute: Schedule = {
  Name: 'bank-marketing-lifecycle',
  ScheduleExpression: 'rate(1 minute)',
  Target: { Arn: machineArn, RoleArn: roleArn, Input: '{"useCase":"bank-marketing"}' },
};

const root = await mkdtemp(join(tmpdir(), 'scheduler-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const running: Schedules[] = [];
afterEach(async () => {
  for (const schedules of running.splice(0)) await schedules.stop();
});

interface Started {
  readonly machineArn: string;
  readonly input: string;
  readonly roleArn: string;
}

/** Runs one schedule, a minute in 20 ms, until `count` starts were tried. */
async function startsOf(schedule: Schedule, count: number, start: SchedulesOptions['start'] = async () => {}) {
  const stateFolder = await mkdtemp(join(root, 'state-'));
  const starts: Started[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const schedules = startSchedules({
    schedules: [schedule],
    stateFolder,
    clock: readClock({ CLOCK_SPEED: '3000', CLOCK_ORIGIN: String(Date.now()) }),
    start(...[machineArn, input, roleArn]) {
      starts.push({ machineArn, input, roleArn });
      if (starts.length === count) resolve();
      return start(machineArn, input, roleArn);
    },
  });
  running.push(schedules);
  await promise;
  await schedules.stop();
  return { starts, stateFolder };
}

test('a schedule starts its machine again and again, with its input and role', async () => {
  const { starts } = await startsOf(everyMinute, 3);

  expect(starts).toEqual(Array(3).fill({ machineArn, input: '{"useCase":"bank-marketing"}', roleArn }));
});

test('a schedule starts its machine while an earlier start still lasts', async () => {
  const { promise: third, resolve } = Promise.withResolvers<void>();
  let count = 0;

  const { starts } = await startsOf(everyMinute, 3, async () => {
    count += 1;
    if (count === 3) resolve();
    await third;
  });

  expect(starts).toHaveLength(3);
});

test('a schedule starts what the input of the universal target names', async () => {
  const { starts } = await startsOf(
    {
      ...everyMinute,
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution',
        RoleArn: roleArn,
        Input: JSON.stringify({ StateMachineArn: machineArn, Input: '{"a":1}' }),
      },
    },
    1,
  );

  expect(starts).toEqual([{ machineArn, input: '{"a":1}', roleArn }]);
});

test('a start that fails is tried again', async () => {
  let failures = 0;
  const { starts, stateFolder } = await startsOf(everyMinute, 4, async () => {
    failures += 1;
    if (failures < 3) throw new Error('the network is down');
  });

  expect(starts.length).toBeGreaterThanOrEqual(4);
  await expect(readFile(join(stateFolder, 'dead-letters.ndjson'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a start that is denied becomes a dead letter at once', async () => {
  const { stateFolder } = await startsOf(everyMinute, 1, async () => {
    throw new ServiceError('AccessDeniedException', 'not authorized');
  });

  expect(JSON.parse(await readFile(join(stateFolder, 'dead-letters.ndjson'), 'utf8'))).toMatchObject({
    schedule: 'bank-marketing-lifecycle',
    machineArn,
    input: '{"useCase":"bank-marketing"}',
    error: expect.stringContaining('not authorized'),
  });
});

test('a start that keeps failing becomes a dead letter after its retries', async () => {
  const RetryPolicy = { MaximumRetryAttempts: 2 };
  const { stateFolder } = await startsOf(
    { ...everyMinute, ScheduleExpression: 'rate(1 hour)', Target: { ...everyMinute.Target, RetryPolicy } },
    3,
    async () => {
      throw new Error('the network is down');
    },
  );

  const letters = (await readFile(join(stateFolder, 'dead-letters.ndjson'), 'utf8')).trim().split('\n');
  expect(letters).toHaveLength(1);
});

test('a rate counts from the first start of its schedule, not from the last', async () => {
  const { stateFolder } = await startsOf(everyMinute, 1);
  const before = await readFile(join(stateFolder, 'schedules.json'), 'utf8');
  const clock = readClock({});
  const start = async () => {};

  await startSchedules({ schedules: [everyMinute], stateFolder, clock, start }).stop();

  expect(await readFile(join(stateFolder, 'schedules.json'), 'utf8')).toBe(before);
});

test('a disabled schedule does not run', async () => {
  const disabled = { ...everyMinute, State: 'DISABLED', ScheduleExpression: 'nonsense' } as const;
  const schedules = startSchedules({
    schedules: [disabled],
    stateFolder: root,
    clock: readClock({}),
    start: async () => {},
  });

  await schedules.stop();
});

test.each([
  [{ ScheduleExpression: 'cron(0 3 * * *)' }, 'six fields'],
  [{ Target: { ...everyMinute.Target, Arn: 'arn:aws:sqs:us-east-1:000000000000:queue' } }, 'expected a state machine'],
])('a schedule that can not run is refused at once', (change, problem) => {
  expect(() =>
    startSchedules({
      schedules: [{ ...everyMinute, ...change }],
      stateFolder: root,
      clock: readClock({}),
      start: async () => {},
    }),
  ).toThrow(problem);
});
