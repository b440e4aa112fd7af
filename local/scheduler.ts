import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../lifecycle/clock.ts';
import { replaceFile } from './replace-file.ts';
import { InvalidScheduleError } from './scheduler/aws-cron.ts';
import { nextRun, type Timetable } from './scheduler/next-run.ts';
import { ServiceError } from './service.ts';
import { sleepUntil } from './timers.ts';

/** Properties of `AWS::Scheduler::Schedule`, all references resolved. A flexible time window is ignored: a run is never late. */
export interface Schedule {
  readonly Name: string;
  readonly ScheduleExpression: string;
  /** @default - UTC */
  readonly ScheduleExpressionTimezone?: string;
  /** @default - ENABLED */
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly Target: {
    /** A state machine, or `arn:aws:scheduler:::aws-sdk:sfn:startExecution`, whose input names one. */
    readonly Arn: string;
    readonly RoleArn: string;
    /** JSON text. @default - {} */
    readonly Input?: string;
    readonly RetryPolicy?: { readonly MaximumEventAgeInSeconds?: number; readonly MaximumRetryAttempts?: number };
  };
}

export interface SchedulesOptions {
  readonly schedules: readonly Schedule[];
  /** Starts an execution with a JSON text as the schedule's role. A `ServiceError` below 500 is not tried again. */
  readonly start: (machineArn: string, input: string, roleArn: string) => Promise<unknown>;
  readonly clock: Clock;
  /** Holds `schedules.json`, from when rates count, and `dead-letters.ndjson`, what could not be started. */
  readonly stateFolder: string;
}

/** The schedules while they run. */
export interface Schedules {
  /** Ends all waiting, also that between attempts. */
  stop(): Promise<void>;
}

/**
 * Starts the schedules, as EventBridge Scheduler would: each run starts an execution whether or not an earlier one still runs, a failed
 * start is tried again by the schedule's retry policy, and what was missed while the process was off is not made up for.
 *
 * @throws {InvalidScheduleError} when a schedule can't run here
 */
export function startSchedules(options: SchedulesOptions): Schedules {
  const { schedules, clock } = options;
  const stopped = new AbortController();
  const enabled = schedules.filter(({ State }) => State !== 'DISABLED');
  const timetables = readTimetables(enabled, options);
  const timed = enabled.map((schedule, index) => ({
    schedule,
    timetable: timetables[index]!,
    run: readTarget(schedule),
  }));
  for (const { timetable } of timed) nextRun(timetable, clock.now());
  const loops = timed.map(async ({ schedule, timetable, run }) => {
    const deliveries = new Set<Promise<void>>();
    for (;;) {
      const due = nextRun(timetable, clock.now());
      if (!due) break;
      await sleepUntil(due.getTime(), clock, stopped.signal);
      if (stopped.signal.aborted) break;
      const delivery = deliver(schedule, run, options, stopped.signal).finally(() => deliveries.delete(delivery));
      deliveries.add(delivery);
    }
    await Promise.all(deliveries);
  });
  return {
    async stop() {
      stopped.abort();
      await Promise.all(loops);
    },
  };
}

interface Run {
  readonly machineArn: string;
  readonly input: string;
}

function readTarget({ Name, Target: { Arn, Input = '{}' } }: Schedule): Run {
  if (/^arn:[^:]+:states:[^:]+:\d+:stateMachine:/.test(Arn)) return { machineArn: Arn, input: Input };
  if (!/^arn:[^:]+:scheduler:::aws-sdk:sfn:startExecution$/.test(Arn)) {
    throw new InvalidScheduleError(Name, `its target is "${Arn}", expected a state machine`);
  }
  const request = JSON.parse(Input) as { StateMachineArn: string; Input?: string };
  return { machineArn: request.StateMachineArn, input: request.Input ?? '{}' };
}

/** Gives each schedule its first instant, kept over restarts until its expression changes. */
function readTimetables(schedules: readonly Schedule[], { stateFolder, clock }: SchedulesOptions): Timetable[] {
  const path = join(stateFolder, 'schedules.json');
  const kept: Record<string, { expression: string; since: string }> = existsSync(path)
    ? JSON.parse(readFileSync(path, 'utf8'))
    : {};
  const entries = schedules.map(({ Name, ScheduleExpression: expression }) => {
    const known = kept[Name];
    return [Name, known?.expression === expression ? known : { expression, since: clock.now().toISOString() }] as const;
  });
  mkdirSync(stateFolder, { recursive: true });
  replaceFile(path, JSON.stringify(Object.fromEntries(entries)));
  return schedules.map(({ ScheduleExpressionTimezone: timeZone = 'UTC' }, index) => {
    const { expression, since } = entries[index]![1];
    return { expression, timeZone, since: new Date(since) };
  });
}

async function deliver(
  { Name, Target: { RoleArn, RetryPolicy = {} } }: Schedule,
  { machineArn, input }: Run,
  { start, clock, stateFolder }: SchedulesOptions,
  signal: AbortSignal,
): Promise<void> {
  const { MaximumRetryAttempts = 185, MaximumEventAgeInSeconds = 86_400 } = RetryPolicy;
  const due = clock.now().getTime();
  for (let attempt = 0; ; attempt += 1) {
    try {
      await start(machineArn, input, RoleArn);
      return;
    } catch (error) {
      const retryAt = clock.now().getTime() + Math.min(2 ** attempt, 60) * 1_000;
      const isHopeless = error instanceof ServiceError && error.status < 500;
      if (isHopeless || attempt >= MaximumRetryAttempts || retryAt - due > MaximumEventAgeInSeconds * 1_000) {
        const letter = { schedule: Name, at: new Date(due).toISOString(), machineArn, input, error: String(error) };
        appendFileSync(join(stateFolder, 'dead-letters.ndjson'), `${JSON.stringify(letter)}\n`);
        return;
      }
      await sleepUntil(retryAt, clock, signal);
      if (signal.aborted) return;
    }
  }
}
