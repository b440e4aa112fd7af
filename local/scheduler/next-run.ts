import { Cron } from 'croner';
import { InvalidScheduleError, translateCron } from './aws-cron.ts';

export interface Timetable {
  /** `cron(…)`, `rate(…)` or `at(…)`. */
  readonly expression: string;
  /** IANA name, in which `cron` and `at` are read. */
  readonly timeZone: string;
  /** The instant that a `rate` counts from. */
  readonly since: Date;
}

/**
 * The first run after an instant, or undefined when there is none any more.
 *
 * @throws {InvalidScheduleError}
 */
export function nextRun({ expression, timeZone, since }: Timetable, after: Date): Date | undefined {
  switch (/^\w+/.exec(expression)?.[0]) {
    case 'cron':
      return nextMatch(expression, translateCron(expression), timeZone, after);
    case 'at':
      return nextMatch(expression, readInstant(expression), timeZone, after);
    case 'rate':
      return nextMultiple(readRate(expression), since, after);
    default:
      throw new InvalidScheduleError(expression, 'expected cron(…), rate(…) or at(…)');
  }
}

function nextMatch(expression: string, pattern: string, timezone: string, after: Date): Date | undefined {
  try {
    return new Cron(pattern, { timezone, paused: true }).nextRun(after) ?? undefined;
  } catch (error) {
    throw new InvalidScheduleError(expression, (error as Error).message);
  }
}

function readInstant(expression: string): string {
  const instant = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)?.[1];
  if (!instant) throw new InvalidScheduleError(expression, 'expected at(yyyy-mm-ddThh:mm:ss)');
  return instant;
}

/** Period in milliseconds. */
function readRate(expression: string): number {
  const [, count, unit] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (!count) throw new InvalidScheduleError(expression, 'expected rate(n minutes), rate(n hours) or rate(n days)');
  return Number(count) * { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[unit as 'minute' | 'hour' | 'day'];
}

function nextMultiple(period: number, since: Date, after: Date): Date {
  const passed = Math.max(0, Math.floor((after.getTime() - since.getTime()) / period));
  return new Date(since.getTime() + (passed + 1) * period);
}
