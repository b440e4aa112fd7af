import { QueryError } from '../query-error.ts';
import { bigint, date, double, integer, type TrinoType, timestamp, timestamptz, varchar } from '../sql/trino-type.ts';
import { type Signature, signatures } from './signature.ts';

const instants = [date, timestamp, timestamptz] as const;

/** Trino's field functions with DuckDB's part names. Weekdays and weeks are ISO's in both. */
const fields = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  week_of_year: 'week',
  day: 'day',
  day_of_month: 'day',
  day_of_week: 'isodow',
  dow: 'isodow',
  day_of_year: 'dayofyear',
  doy: 'dayofyear',
  year_of_week: 'isoyear',
  yow: 'isoyear',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
} as const;

const dateUnits = ['day', 'week', 'month', 'quarter', 'year'];
const timeUnits = ['millisecond', 'second', 'minute', 'hour', ...dateUnits];

/** Functions on dates and timestamps. The session's time zone is UTC, the only one known here. */
export const timeFunctions: readonly Signature[] = [
  ...Object.entries(fields).flatMap(([name, part]) =>
    instants
      .filter(type => type !== date || !['hour', 'minute', 'second'].includes(name))
      .map((type): Signature => ({ name, parameters: [type], returns: bigint, sql: `date_part('${part}', $1)` })),
  ),
  ...instants.flatMap(type =>
    signatures(undefined, [
      // DuckDB's date_diff counts the boundaries that are crossed, Trino's whole units, as DuckDB's date_sub does.
      [
        'date_diff',
        ['literal', type, type],
        bigint,
        args => `date_sub(${unit(args[0]!, type)}, ${args[1]}, ${args[2]})`,
      ],
      ['date_add', ['literal', bigint, type], type, args => addUnits(args, type)],
      [
        'date_trunc',
        ['literal', type],
        type,
        args => castBack(`date_trunc(${unit(args[0]!, type)}, ${args[1]})`, type),
      ],
      ['last_day_of_month', [type], date, 'last_day($1)'],
      ['date_format', [type, 'literal'], varchar, args => `strftime(${args[0]}, ${duckFormat(args[1]!)})`],
    ]),
  ),
  ...signatures(undefined, [
    ['millisecond', [timestamp], bigint, `(date_part('millisecond', $1) % 1000)`],
    ['date', [varchar], date, 'trino_date($1)'],
    ['date', [date], date, '$1'],
    ['date', [timestamp], date, 'CAST($1 AS DATE)'],
    ['date', [timestamptz], date, 'CAST($1 AS DATE)'],
    ['date_parse', [varchar, 'literal'], timestamp, args => `strptime(${args[0]}, ${duckFormat(args[1]!)})`],
    ['from_unixtime', [double], timestamptz, 'to_timestamp(round($1, 3))'],
    ['to_unixtime', [timestamp], double, '(epoch_ms($1) / 1000::DOUBLE)'],
    ['to_unixtime', [timestamptz], double, '(epoch_ms($1) / 1000::DOUBLE)'],
    ['from_iso8601_timestamp', [varchar], timestamptz, `date_trunc('millisecond', CAST($1 AS TIMESTAMPTZ))`],
    ['from_iso8601_date', [varchar], date, 'trino_date($1)'],
    ['to_iso8601', [date], varchar, 'CAST($1 AS VARCHAR)'],
    ['to_iso8601', [timestamp], varchar, `strftime($1, '%Y-%m-%dT%H:%M:%S.%g')`],
    ['to_iso8601', [timestamptz], varchar, `strftime($1, '%Y-%m-%dT%H:%M:%S.%gZ')`],
    ['now', [], timestamptz, '$now'],
    ['current_timestamp', [], timestamptz, '$now'],
    ['current_timestamp', [integer], timestamptz, '$now'],
    ['localtimestamp', [], timestamp, 'CAST($now AS TIMESTAMP)'],
    ['current_date', [], date, 'CAST($now AS DATE)'],
    ['at_timezone', [timestamptz, 'literal'], timestamptz, args => inUtc(args)],
    ['with_timezone', [timestamp, 'literal'], timestamptz, args => `CAST(${inUtc(args)} AS TIMESTAMPTZ)`],
  ]),
];

/** Checks the literal of a unit and returns it as written. Dates have no units below the day. */
function unit(literal: string, type: TrinoType): string {
  const units = type === date ? dateUnits : timeUnits;
  if (!units.includes(text(literal))) {
    const detail = `${literal} is not a valid ${type === date ? 'DATE' : 'TIMESTAMP'} field, expected ${units.join(', ')}`;
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', detail);
  }
  return literal.toLowerCase();
}

function addUnits([unitLiteral, count, instant]: readonly string[], type: TrinoType): string {
  const name = text(unit(unitLiteral!, type));
  if (name === 'quarter') return castBack(`(${instant} + to_months(CAST(${count} * 3 AS INTEGER)))`, type);
  const wide = name === 'millisecond' || name === 'second' || name === 'minute' || name === 'hour';
  return castBack(`(${instant} + to_${name}s(${wide ? count : `CAST(${count} AS INTEGER)`}))`, type);
}

/** DuckDB answers a TIMESTAMP for a DATE. */
function castBack(sql: string, type: TrinoType): string {
  return type === date ? `CAST(${sql} AS DATE)` : sql;
}

function inUtc([instant, zone]: readonly string[]): string {
  if (!['utc', 'z', '+00:00'].includes(text(zone!))) {
    throw new QueryError('NOT_SUPPORTED', `time zone ${zone} (the embedded Athena knows UTC only)`);
  }
  return instant!;
}

function text(literal: string): string {
  return literal.slice(1, -1).toLowerCase();
}

/** MySQL's format letters, which Trino takes, as strftime's. */
const formatLetters: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%f',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  W: '%A',
  Y: '%Y',
  y: '%y',
  '%': '%%',
};

function duckFormat(literal: string): string {
  return literal.replace(/%(.)/gs, (written, letter: string) => {
    const known = formatLetters[letter];
    if (!known)
      throw new QueryError('INVALID_FUNCTION_ARGUMENT', `${written} is not supported in a date format string`);
    return known;
  });
}
