import { QueryError } from '../query-error.ts';
import {
  asDecimal,
  boolean,
  commonType,
  date,
  decimal,
  duckType,
  isFloating,
  isInteger,
  isNumeric,
  type TrinoType,
  typeName,
  varchar,
} from './trino-type.ts';
import { coerce, type TypedSql } from './typed-sql.ts';

export const comparisons = { eq: '=', neq: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
export type Comparison = keyof typeof comparisons;

const floatMacros = { eq: 'eq', neq: 'ne', lt: 'lt', lte: 'le', gt: 'gt', gte: 'ge' } as const;

/** Compares two values of one type. @throws {QueryError} `TYPE_MISMATCH`, since Trino compares no text with a number or a time */
export function compare(operator: Comparison, left: TypedSql, right: TypedSql): TypedSql {
  const [a, b] = toCommon(comparisons[operator], left, right);
  if (isFloating(a.type) && !isSafeFromNan(operator, a, b)) {
    return { sql: `trino_float_${floatMacros[operator]}(${a.sql}, ${b.sql})`, type: boolean };
  }
  return { sql: `(${a.sql} ${comparisons[operator]} ${b.sql})`, type: boolean };
}

/** Whether DuckDB's comparison with a constant, which is no NaN, is false for NaN as Trino's is. */
function isSafeFromNan(operator: Comparison, left: TypedSql, right: TypedSql): boolean {
  if (right.literal) return operator === 'eq' || operator === 'lt' || operator === 'lte';
  return left.literal !== undefined && (operator === 'eq' || operator === 'gt' || operator === 'gte');
}

/** Brings two operands to one type. */
export function toCommon(symbol: string, left: TypedSql, right: TypedSql): readonly [TypedSql, TypedSql] {
  const type = commonType(left.type, right.type);
  if (!type) throw mismatch(symbol, left.type, right.type);
  return [coerce(left, type), coerce(right, type)];
}

export const arithmetic = { add: '+', sub: '-', mul: '*', div: '/', mod: '%' } as const;
export type Arithmetic = keyof typeof arithmetic;

/** Computes with numbers, or moves a date or timestamp by an interval. */
export function compute(operator: Arithmetic, left: TypedSql, right: TypedSql): TypedSql {
  if (isNumeric(left.type) && isNumeric(right.type)) return computeNumbers(operator, left, right);
  if (left.type.kind === 'unknown' && isNumeric(right.type))
    return computeNumbers(operator, coerce(left, right.type), right);
  if (right.type.kind === 'unknown' && isNumeric(left.type))
    return computeNumbers(operator, left, coerce(right, left.type));
  if (operator === 'add' && isInterval(left.type)) return moveInstant('+', right, left);
  if ((operator === 'add' || operator === 'sub') && isInterval(right.type))
    return moveInstant(arithmetic[operator], left, right);
  throw mismatch(arithmetic[operator], left.type, right.type);
}

function computeNumbers(operator: Arithmetic, left: TypedSql, right: TypedSql): TypedSql {
  const common = commonType(left.type, right.type)!;
  if (isFloating(common)) return computeAlike(operator, coerce(left, common), coerce(right, common), common);
  if (!isInteger(common)) return computeDecimals(operator, left, right);
  const [a, b] = [coerce(left, common), coerce(right, common)];
  // DuckDB answers NULL to a division by zero, and a fraction to `/`.
  if (operator === 'div') return { sql: `CAST(trino_div(${a.sql}, ${b.sql}) AS ${duckType(common)})`, type: common };
  if (operator === 'mod') return { sql: `CAST(trino_mod(${a.sql}, ${b.sql}) AS ${duckType(common)})`, type: common };
  return computeAlike(operator, a, b, common);
}

function computeAlike(operator: Arithmetic, left: TypedSql, right: TypedSql, type: TrinoType): TypedSql {
  return { sql: `(${left.sql} ${arithmetic[operator]} ${right.sql})`, type };
}

/** Decimals with Trino's precision and scale of the result. */
function computeDecimals(operator: Arithmetic, left: TypedSql, right: TypedSql): TypedSql {
  const [a, b] = [asDecimal(left.type)!, asDecimal(right.type)!];
  const type = decimalResult(operator, a, b);
  const [x, y] = [
    `CAST(${left.sql} AS DECIMAL(${a.precision},${a.scale}))`,
    `CAST(${right.sql} AS DECIMAL(${b.precision},${b.scale}))`,
  ];
  if (operator === 'div') {
    const { scale } = asDecimal(type)!;
    const shift = `1${'0'.repeat(scale + b.scale - a.scale)}::HUGEINT`;
    return {
      sql: `CAST(trino_decimal(trino_divide_unscaled(${x}, ${y}, ${shift}), ${scale}) AS ${duckType(type)})`,
      type,
    };
  }
  const sql = operator === 'mod' ? `trino_mod(${x}, ${y})` : `(${x} ${arithmetic[operator]} ${y})`;
  return { sql: `CAST(${sql} AS ${duckType(type)})`, type };
}

function decimalResult(operator: Arithmetic, a: Digits, b: Digits): TrinoType {
  const scale = Math.max(a.scale, b.scale);
  if (operator === 'mul') return decimal(a.precision + b.precision, a.scale + b.scale);
  if (operator === 'div') return decimal(a.precision + b.scale + Math.max(b.scale - a.scale, 0), scale);
  if (operator === 'mod') return decimal(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
  return decimal(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
}

interface Digits {
  readonly precision: number;
  readonly scale: number;
}

function moveInstant(sign: '+' | '-', instant: TypedSql, interval: TypedSql): TypedSql {
  if (!['date', 'timestamp', 'timestamptz'].includes(instant.type.kind))
    throw mismatch(sign, instant.type, interval.type);
  const moved = `(${instant.sql} ${sign} ${interval.sql})`;
  return instant.type.kind === 'date'
    ? { sql: `trino_whole_day(${moved})`, type: date }
    : { sql: moved, type: instant.type };
}

function isInterval({ kind }: TrinoType): boolean {
  return kind === 'dayInterval' || kind === 'monthInterval';
}

/** `||` of texts, or of arrays. */
export function concatenate(left: TypedSql, right: TypedSql): TypedSql {
  const [a, b] = toCommon('||', left, right);
  if (a.type.kind === 'unknown') return { sql: 'NULL', type: varchar };
  if (a.type.kind === 'array') {
    return {
      sql: `CASE WHEN ${a.sql} IS NOT NULL AND ${b.sql} IS NOT NULL THEN list_concat(${a.sql}, ${b.sql}) END`,
      type: a.type,
    };
  }
  if (a.type.kind !== 'varchar' && a.type.kind !== 'varbinary') throw mismatch('||', left.type, right.type);
  return { sql: `(${a.sql} || ${b.sql})`, type: a.type };
}

function mismatch(symbol: string, left: TrinoType, right: TrinoType): QueryError {
  return new QueryError('TYPE_MISMATCH', `Cannot apply operator: ${typeName(left)} ${symbol} ${typeName(right)}`);
}
