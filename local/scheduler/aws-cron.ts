/** Thrown when a schedule expression is none that EventBridge Scheduler takes. */
export class InvalidScheduleError extends Error {
  override readonly name = 'InvalidScheduleError';

  constructor(expression: string, problem: string) {
    super(`Invalid schedule expression "${expression}": ${problem}`);
  }
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Words for the values from `min` on. */
  readonly words?: readonly string[];
  /** What the value `min` is to croner. */
  readonly cronerMin?: number;
  /** Forms beside values, ranges and steps, with the numbers inside in AWS's counting. */
  readonly special?: RegExp;
}

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const fields: readonly Field[] = [
  { name: 'minutes', min: 0, max: 59 },
  { name: 'hours', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31, special: /^(L|LW|(3[01]|[12]\d|[1-9])W)$/ },
  { name: 'month', min: 1, max: 12, words: months },
  { name: 'day of week', min: 1, max: 7, cronerMin: 0, words: weekdays, special: /^(L|(\w+)L|(\w+)#[1-5])$/ },
  { name: 'year', min: 1970, max: 2199 },
];

/**
 * Translates the six fields of AWS's `cron(…)` (minutes, hours, day of month, month, day of week with 1 = SUN, year) into a croner
 * pattern of seven (seconds first, 0 = SUN).
 *
 * @throws {InvalidScheduleError}
 */
export function translateCron(expression: string): string {
  const parts = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().toUpperCase().split(/\s+/) ?? [];
  if (parts.length !== fields.length) {
    const names = fields.map(({ name }) => name).join(', ');
    throw new InvalidScheduleError(expression, `expected cron(…) with the six fields ${names}`);
  }
  if ((parts[2] === '?') === (parts[4] === '?')) {
    throw new InvalidScheduleError(expression, 'exactly one of day of month and day of week has to be "?"');
  }
  const translated = fields.map((field, index) =>
    parts[index]!.split(',')
      .map(item => translateItem(item, field, expression))
      .join(','),
  );
  return ['0', ...translated].join(' ');
}

function translateItem(item: string, field: Field, expression: string): string {
  if (item === '*' || (item === '?' && field.name.startsWith('day'))) return '*';
  if (field.special?.test(item)) return field.words ? translateWeekday(item, field, expression) : item;
  const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
  if (from === undefined || (from === '*' && to !== undefined) || step === '0') {
    throw new InvalidScheduleError(expression, `"${item}" is no ${field.name}`);
  }
  if (from === '*') return `*/${step}`;
  const start = readValue(from, field, expression);
  // AWS counts a step from its start to the end of the field.
  const end = to !== undefined ? readValue(to, field, expression) : step === undefined ? start : lastOf(field);
  if (end < start)
    throw new InvalidScheduleError(expression, `"${item}" is no ${field.name}: it ends before it starts`);
  return `${start === end ? start : `${start}-${end}`}${step === undefined || start === end ? '' : `/${step}`}`;
}

/** `L` alone is Saturday; `6L` the month's last Friday, `6#3` its third. */
function translateWeekday(item: string, field: Field, expression: string): string {
  if (item === 'L') return String(lastOf(field));
  const [, day, suffix] = /^(\w+?)(L|#[1-5])$/.exec(item)!;
  return `${readValue(day!, field, expression)}${suffix === 'L' ? '#L' : suffix}`;
}

function readValue(text: string, { name, min, max, words, cronerMin = min }: Field, expression: string): number {
  const word = words?.indexOf(text) ?? -1;
  const value = word >= 0 ? min + word : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new InvalidScheduleError(expression, `"${text}" is no ${name}, expected ${min} to ${max}`);
  }
  return value - min + cronerMin;
}

function lastOf({ min, max, cronerMin = min }: Field): number {
  return max - min + cronerMin;
}
