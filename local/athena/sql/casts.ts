import { QueryError } from '../query-error.ts';
import type { Node } from './parser.ts';
import {
  arrayOf,
  decimal,
  duckType,
  isFloating,
  isInteger,
  isNumeric,
  sameType,
  type TrinoType,
  typeName,
  varchar,
} from './trino-type.ts';
import type { TypedSql } from './typed-sql.ts';

const textPatterns: Readonly<Record<string, string>> = {
  integer: '[+-]?\\d+',
  bigint: '[+-]?\\d+',
  double: '\\s*([+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|[+-]?Infinity|NaN)\\s*',
  decimal: '\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*',
  boolean: '(?i)(t|true|1|f|false|0)',
  date: '\\s*[+-]?\\d{4,}-\\d{1,2}-\\d{1,2}\\s*',
  timestamp: '\\s*\\d{4,}-\\d{1,2}-\\d{1,2}( \\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d+)?)?)?\\s*',
  timestamptz: '\\s*\\d{4,}-\\d{1,2}-\\d{1,2}( \\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d+)?)?)?( UTC)?\\s*',
};

/** Translates `CAST(expression AS type)` with Trino's meaning: its texts of numbers and times, its rounding, its strictness on text. */
export function translateCast(from: TypedSql, to: TrinoType): TypedSql {
  if (sameType(from.type, to)) return { sql: from.sql, type: to };
  return { sql: castSql(from, to), type: to };
}

function castSql({ sql, type }: TypedSql, to: TrinoType): string {
  const plain = `CAST(${sql} AS ${duckType(to)})`;
  if (type.kind === 'unknown') return plain;
  if (to.kind === 'varchar') return textOf(sql, type);
  if (type.kind === 'varchar') return fromText(sql, to);
  if (isNumeric(type) && isNumeric(to)) {
    return (isFloating(type) || type.kind === 'decimal') && isInteger(to)
      ? `CAST(round(${sql}) AS ${duckType(to)})`
      : plain;
  }
  if (isNumeric(type) && to.kind === 'boolean') return plain;
  if (type.kind === 'boolean' && isNumeric(to)) return plain;
  const times = ['date', 'timestamp', 'timestamptz'];
  if (times.includes(type.kind) && times.includes(to.kind)) return plain;
  if (type.kind === 'array' && to.kind === 'array') {
    const element = castSql({ sql: 'e', type: type.element }, to.element);
    return sameType(type.element, to.element) ? sql : `list_transform(${sql}, lambda e: ${element})`;
  }
  throw new QueryError('TYPE_MISMATCH', `Cannot cast ${typeName(type)} to ${typeName(to)}`);
}

function textOf(sql: string, type: TrinoType): string {
  if (isFloating(type)) return `trino_float_text(${sql})`;
  if (type.kind === 'timestamp') return `strftime(${sql}, '%Y-%m-%d %H:%M:%S.%g')`;
  if (type.kind === 'timestamptz') return `strftime(${sql}, '%Y-%m-%d %H:%M:%S.%g UTC')`;
  if (isNumeric(type) || type.kind === 'boolean' || type.kind === 'date' || type.kind === 'json')
    return `CAST(${sql} AS VARCHAR)`;
  throw new QueryError('TYPE_MISMATCH', `Cannot cast ${typeName(type)} to varchar`);
}

function fromText(sql: string, to: TrinoType): string {
  const pattern = textPatterns[to.kind === 'real' ? 'double' : isInteger(to) ? 'bigint' : to.kind];
  if (!pattern) throw new QueryError('TYPE_MISMATCH', `Cannot cast varchar to ${typeName(to)}`);
  const checked = `CAST(trino_cast_check(${sql}, '${pattern}', '${typeName(to)}') AS ${duckType(to)})`;
  return to.kind === 'timestamp' ? `date_trunc('millisecond', ${checked})` : checked;
}

/** The type that a parsed type stands for. @throws {QueryError} for types that Trino or the embedded Athena lack */
export function readType(node: unknown): TrinoType {
  const { data_type: kind, ...fields } = node as Node & { data_type: string };
  const simple = typeKinds[kind];
  if (simple === 'timestamp') return { kind: fields.timezone === true ? 'timestamptz' : 'timestamp' };
  if (simple === 'real' && fields.real_spelling !== true) throw new QueryError('TYPE_NOT_FOUND', 'Unknown type: float');
  if (simple) return { kind: simple };
  if (kind === 'var_char') return varchar;
  if (kind === 'decimal') return decimal(Number(fields.precision ?? 38), Number(fields.scale ?? 0));
  if (kind === 'array') return arrayOf(readType(fields.element_type));
  if (kind === 'map') return { kind: 'map', key: readType(fields.key_type), value: readType(fields.value_type) };
  throw new QueryError(
    kind === 'string' || kind === 'text' ? 'TYPE_NOT_FOUND' : 'NOT_SUPPORTED',
    `Unknown type: ${kind.replaceAll('_', '')}`,
  );
}

const typeKinds: Readonly<
  Record<
    string,
    'boolean' | 'tinyint' | 'smallint' | 'integer' | 'bigint' | 'real' | 'double' | 'varbinary' | 'date' | 'timestamp'
  >
> = {
  boolean: 'boolean',
  tiny_int: 'tinyint',
  small_int: 'smallint',
  int: 'integer',
  big_int: 'bigint',
  float: 'real',
  double: 'double',
  var_binary: 'varbinary',
  date: 'date',
  timestamp: 'timestamp',
};

/** Length of `varchar(n)`, by which CAST cuts; 0 for plain varchar. */
export function varcharLength(node: unknown): number {
  const { data_type: kind, length } = node as { data_type: string; length?: number | null };
  return kind === 'var_char' ? (length ?? 0) : 0;
}
