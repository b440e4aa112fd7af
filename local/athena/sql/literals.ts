import { QueryError } from '../query-error.ts';
import type { Node } from './parser.ts';
import {
  bigint,
  date,
  dayInterval,
  decimal,
  double,
  integer,
  monthInterval,
  timestamp,
  timestamptz,
  varbinary,
  varchar,
} from './trino-type.ts';
import { quoteText, type TypedSql } from './typed-sql.ts';

/** Translates a constant. The type follows its spelling: `1` integer, `1.5` decimal(2,1), `1e0` double. */
export function translateLiteral(fields: Node): TypedSql {
  const value = String(fields.value);
  switch (fields.literal_type) {
    case 'string':
      return { sql: quoteText(value), type: varchar, literal: { kind: 'string', value } };
    case 'number':
      return { ...translateNumber(value), literal: { kind: 'number', value } };
    case 'hex_string':
      return { sql: `unhex(${quoteText(value.replaceAll(' ', ''))})`, type: varbinary };
    case 'date':
      return { sql: `trino_date(${quoteText(value)})`, type: date };
    case 'timestamp':
      return translateTimestamp(value);
    default:
      throw new QueryError('NOT_SUPPORTED', `${fields.literal_type} literal`);
  }
}

function translateNumber(text: string): TypedSql {
  if (/e/i.test(text)) return { sql: `${quoteText(text)}::DOUBLE`, type: double };
  if (text.includes('.')) {
    const [whole, fraction] = text.split('.') as [string, string];
    const digits = whole.replace(/^0+/, '').length + fraction.length;
    if (digits > 38) throw new QueryError('INVALID_LITERAL', `Invalid decimal literal ${text}`);
    const type = decimal(Math.max(digits, 1), fraction.length);
    return { sql: `CAST(${quoteText(text)} AS DECIMAL(${Math.max(digits, 1)},${fraction.length}))`, type };
  }
  if (!/^\d+$/.test(text)) throw new QueryError('NOT_SUPPORTED', `number literal ${text}`);
  const number = BigInt(text);
  if (number <= 2147483647n) return { sql: `${number}`, type: integer };
  if (number <= 9223372036854775808n) return { sql: `CAST(${number} AS BIGINT)`, type: bigint };
  throw new QueryError('INVALID_LITERAL', `Invalid numeric literal: ${text}`);
}

const timestampPattern =
  /^(\d{4}-\d{1,2}-\d{1,2})(?: (\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?))?(?: ?(UTC|Z|\+00:00))?$/;

function translateTimestamp(text: string): TypedSql {
  const [, day, time = '00:00:00', zone] = timestampPattern.exec(text.trim()) ?? [];
  if (!day) {
    const isZoned = /[A-Za-z]+\/[A-Za-z_]+|[+-]\d\d:\d\d$/.test(text);
    throw isZoned
      ? new QueryError('NOT_SUPPORTED', `time zone in '${text}' (the embedded Athena knows UTC only)`)
      : new QueryError('INVALID_LITERAL', `'${text}' is not a valid TIMESTAMP literal`);
  }
  const instant = `date_trunc('millisecond', CAST(${quoteText(`${day} ${time}`)} AS TIMESTAMP))`;
  return zone ? { sql: `CAST(${instant} AS TIMESTAMPTZ)`, type: timestamptz } : { sql: instant, type: timestamp };
}

/** Milliseconds since 1970 of a `TIMESTAMP '…'` literal in UTC, as `FOR TIMESTAMP AS OF` takes it. */
export function epochOfTimestamp(text: string): number {
  const [, day, time = '00:00:00'] = timestampPattern.exec(text.trim()) ?? [];
  const epoch = day ? Date.parse(`${day}T${time}Z`) : Number.NaN;
  if (Number.isNaN(epoch)) throw new QueryError('INVALID_LITERAL', `'${text}' is not a valid TIMESTAMP literal in UTC`);
  return epoch;
}

/** Translates `INTERVAL '3' DAY`. */
export function translateInterval(fields: Node): TypedSql {
  const amount = (fields.this as { literal?: { value: string } } | undefined)?.literal?.value ?? '';
  const { type, unit } = fields.unit as { type: string; unit?: string };
  const name = unit?.toLowerCase() ?? '';
  const isMonths = name === 'month' || name === 'year';
  if (
    type !== 'simple' ||
    !/^[+-]?\d+$/.test(amount) ||
    !(isMonths || ['second', 'minute', 'hour', 'day', 'week'].includes(name))
  ) {
    throw new QueryError('NOT_SUPPORTED', `interval '${amount}' ${name}`);
  }
  return { sql: `to_${name}s(${amount})`, type: isMonths ? monthInterval : dayInterval };
}
