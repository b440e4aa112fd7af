import { QueryError } from '../query-error.ts';
import { translateCall } from './call-translation.ts';
import { readCall } from './calls.ts';
import { readType, translateCast, varcharLength } from './casts.ts';
import type { Environment } from './environment.ts';
import { translateInterval, translateLiteral } from './literals.ts';
import { expectOnly, list, open, positionOf } from './nodes.ts';
import {
  type Arithmetic,
  arithmetic,
  type Comparison,
  compare,
  comparisons,
  compute,
  concatenate,
  toCommon,
} from './operators.ts';
import type { Node } from './parser.ts';
import { resolveColumn } from './scope.ts';
import { nameOf, type OutputColumn } from './statement.ts';
import {
  arrayOf,
  bigint,
  boolean,
  commonType,
  duckType,
  integer,
  isNumeric,
  type TrinoType,
  typeName,
  unknown,
  varchar,
} from './trino-type.ts';
import { coerce, quoteText, type TypedSql } from './typed-sql.ts';

/** Translates an expression into DuckDB's SQL of the same meaning. Nodes that are not named here are refused. @throws {QueryError} */
export function translateExpression(node: unknown, env: Environment): TypedSql {
  const [kind, fields] = open(node);
  const translate = translations[kind];
  try {
    if (translate) {
      expectOnly(kind, fields, translate.fields);
      return translate.act(fields, env);
    }
    if (kind in comparisons) return binary(fields, env, (left, right) => compare(kind as Comparison, left, right));
    if (kind in arithmetic) return binary(fields, env, (left, right) => compute(kind as Arithmetic, left, right));
    const call = readCall(node);
    if (call) return translateCall(call, env, translateExpression);
  } catch (error) {
    throw withPosition(error, node, env);
  }
  throw new QueryError('NOT_SUPPORTED', `${kind.replaceAll('_', ' ')} expression`, positionOf(env.statement.sql, node));
}

/** Translates a condition. @throws {QueryError} `TYPE_MISMATCH` when it is no boolean */
export function translateCondition(node: unknown, env: Environment, clause: string): string {
  const { sql, type } = translateExpression(node, env);
  if (type.kind !== 'boolean' && type.kind !== 'unknown') {
    const position = positionOf(env.statement.sql, node);
    throw new QueryError(
      'TYPE_MISMATCH',
      `${clause} must evaluate to a boolean: actual type ${typeName(type)}`,
      position,
    );
  }
  return sql;
}

interface Translation {
  readonly fields: readonly string[];
  act(fields: Node, env: Environment): TypedSql;
}

const translations: Readonly<Record<string, Translation>> = {
  literal: { fields: ['literal_type', 'value'], act: translateLiteral },
  boolean: { fields: ['value'], act: ({ value }) => ({ sql: value ? 'true' : 'false', type: boolean }) },
  null: { fields: [], act: () => ({ sql: 'NULL', type: unknown }) },
  column: { fields: ['name', 'table', 'join_mark'], act: translateColumn },
  dot: { fields: ['this', 'field'], act: translateDot },
  paren: { fields: ['this'], act: ({ this: inner }, env) => translateExpression(inner, env) },
  neg: { fields: ['this'], act: translateNegation },
  concat: { fields: ['left', 'right'], act: (fields, env) => binary(fields, env, concatenate) },
  and: { fields: ['left', 'right'], act: (fields, env) => logical('AND', fields, env) },
  or: { fields: ['left', 'right'], act: (fields, env) => logical('OR', fields, env) },
  not: {
    fields: ['this'],
    act: (fields, env) => isTrue(`(NOT ${translateCondition(fields.this, env, 'Value of logical NOT expression')})`),
  },
  is_null: { fields: ['this', 'not'], act: translateIsNull },
  null_safe_eq: { fields: ['left', 'right'], act: (fields, env) => distinctness('IS NOT DISTINCT FROM', fields, env) },
  null_safe_neq: { fields: ['left', 'right'], act: (fields, env) => distinctness('IS DISTINCT FROM', fields, env) },
  between: { fields: ['this', 'low', 'high', 'not'], act: translateBetween },
  in: { fields: ['this', 'expressions', 'query', 'not'], act: translateIn },
  like: { fields: ['left', 'right', 'escape'], act: translateLike },
  exists: { fields: ['this', 'not'], act: translateExists },
  subquery: { fields: ['this'], act: translateScalarQuery },
  case: { fields: ['operand', 'whens', 'else_'], act: translateCase },
  if_func: { fields: ['condition', 'true_value', 'false_value', 'original_name'], act: translateIf },
  cast: { fields: ['this', 'to'], act: translateCastNode },
  try_cast: { fields: ['this', 'to'], act: (fields, env) => attempt(translateCastNode(fields, env)) },
  interval: { fields: ['this', 'unit'], act: translateInterval },
  array_func: { fields: ['expressions'], act: translateArray },
  subscript: { fields: ['this', 'index'], act: translateSubscript },
  extract: { fields: ['this', 'field'], act: translateExtract },
  at_time_zone: { fields: ['this', 'zone'], act: translateAtTimeZone },
};

function binary(fields: Node, env: Environment, combine: (left: TypedSql, right: TypedSql) => TypedSql): TypedSql {
  expectOnly('operator', fields, ['left', 'right']);
  return combine(translateExpression(fields.left, env), translateExpression(fields.right, env));
}

function translateColumn(fields: Node, env: Environment): TypedSql {
  const path = [...(fields.table ? [nameOf(fields.table)] : []), nameOf(fields.name)];
  return resolveColumn(env.scope, path, positionOf(env.statement.sql, { column: fields }));
}

/** `database.table.column`: there are no rows whose fields a dot could name. */
function translateDot(fields: Node, env: Environment): TypedSql {
  const [kind, inner] = open(fields.this);
  if (kind !== 'column' || !inner.table) throw new QueryError('NOT_SUPPORTED', 'a field of a row');
  const path = [nameOf(inner.table), nameOf(inner.name), nameOf(fields.field)];
  return resolveColumn(env.scope, path, positionOf(env.statement.sql, fields.this));
}

function translateNegation(fields: Node, env: Environment): TypedSql {
  const value = translateExpression(fields.this, env);
  if (value.literal?.kind === 'number') {
    // The least integer and bigint are written as the negation of a number that is too great.
    const text = value.literal.value.startsWith('-') ? value.literal.value.slice(1) : `-${value.literal.value}`;
    const type = text === '-2147483648' ? integer : value.type;
    const sql = `CAST(${quoteText(text)} AS ${duckType(type)})`;
    return { sql, type, literal: { kind: 'number', value: text } };
  }
  if (!isNumeric(value.type) && !value.type.kind.endsWith('Interval')) {
    throw new QueryError('TYPE_MISMATCH', `Cannot negate ${typeName(value.type)}`);
  }
  return { sql: `(-${value.sql})`, type: value.type };
}

function logical(word: 'AND' | 'OR', fields: Node, env: Environment): TypedSql {
  const clause = `Logical expression term`;
  return isTrue(
    `(${translateCondition(fields.left, env, clause)} ${word} ${translateCondition(fields.right, env, clause)})`,
  );
}

function translateIsNull(fields: Node, env: Environment): TypedSql {
  return isTrue(`(${translateExpression(fields.this, env).sql} IS ${fields.not ? 'NOT ' : ''}NULL)`);
}

function distinctness(words: string, fields: Node, env: Environment): TypedSql {
  const [left, right] = toCommon(words, translateExpression(fields.left, env), translateExpression(fields.right, env));
  return isTrue(`(${left.sql} ${words} ${right.sql})`);
}

function translateBetween(fields: Node, env: Environment): TypedSql {
  const value = translateExpression(fields.this, env);
  const low = compare('gte', value, translateExpression(fields.low, env));
  const high = compare('lte', value, translateExpression(fields.high, env));
  return isTrue(`(${fields.not ? 'NOT ' : ''}(${low.sql} AND ${high.sql}))`);
}

function translateIn(fields: Node, env: Environment): TypedSql {
  const value = translateExpression(fields.this, env);
  const not = fields.not ? 'NOT ' : '';
  if (fields.query) {
    const query = env.query(fields.query, env.scope);
    const [column] = oneColumn(query.columns);
    const [left] = toCommon('IN', value, { sql: 'NULL', type: column.type });
    if (typeName(left.type) !== typeName(column.type)) {
      const alias = env.statement.alias();
      const inner = coerce({ sql: `${alias}.c0`, type: column.type }, left.type);
      return isTrue(`(${left.sql} ${not}IN (SELECT ${inner.sql} FROM (${query.sql}) AS ${alias}))`);
    }
    return isTrue(`(${left.sql} ${not}IN (${query.sql}))`);
  }
  const elements = list(fields.expressions).map(element => translateExpression(element, env));
  const type = typeOfAll('IN', [value, ...elements]);
  return isTrue(
    `(${coerce(value, type).sql} ${not}IN (${elements.map(element => coerce(element, type).sql).join(', ')}))`,
  );
}

function translateLike(fields: Node, env: Environment): TypedSql {
  const operands = [fields.left, fields.right, fields.escape]
    .filter(Boolean)
    .map(operand => translateExpression(operand, env));
  const [text, pattern, escapeSign] = operands.map(operand => coerce(operand, varchar).sql);
  return isTrue(`(${text} LIKE ${pattern}${escapeSign ? ` ESCAPE ${escapeSign}` : ''})`);
}

function translateExists(fields: Node, env: Environment): TypedSql {
  return isTrue(`(${fields.not ? 'NOT ' : ''}EXISTS (${env.query(fields.this, env.scope).sql}))`);
}

function translateScalarQuery(fields: Node, env: Environment): TypedSql {
  const { sql, columns } = env.query(fields.this, env.scope);
  const [column] = oneColumn(columns);
  return { sql: `(${sql})`, type: column.type };
}

function translateCase(fields: Node, env: Environment): TypedSql {
  const operand = fields.operand ? translateExpression(fields.operand, env) : undefined;
  const whens = (fields.whens as readonly (readonly [unknown, unknown])[]).map(([when, then]) => ({
    when: operand
      ? compare('eq', operand, translateExpression(when, env)).sql
      : translateCondition(when, env, 'CASE WHEN clause'),
    result: translateExpression(then, env),
  }));
  const otherwise = fields.else_ ? translateExpression(fields.else_, env) : { sql: 'NULL', type: unknown };
  const type = typeOfAll('CASE', [...whens.map(({ result }) => result), otherwise]);
  const branches = whens.map(({ when, result }) => `WHEN ${when} THEN ${coerce(result, type).sql}`);
  return { sql: `CASE ${branches.join(' ')} ELSE ${coerce(otherwise, type).sql} END`, type };
}

function translateIf(fields: Node, env: Environment): TypedSql {
  if (String(fields.original_name).toLowerCase() !== 'if') throw functionNotFound(String(fields.original_name));
  const whens = [[fields.condition, fields.true_value]];
  return translateCase({ whens, else_: fields.false_value }, env);
}

function translateCastNode(fields: Node, env: Environment): TypedSql {
  const cast = translateCast(translateExpression(fields.this, env), readType(fields.to));
  const length = varcharLength(fields.to);
  return length ? { sql: `left(${cast.sql}, ${length})`, type: varchar } : cast;
}

function attempt({ sql, type }: TypedSql): TypedSql {
  return { sql: `TRY(${sql})`, type };
}

function translateArray(fields: Node, env: Environment): TypedSql {
  const elements = list(fields.expressions).map(element => translateExpression(element, env));
  const type = typeOfAll('ARRAY', elements);
  return {
    sql: `CAST([${elements.map(element => coerce(element, type).sql).join(', ')}] AS ${duckType(arrayOf(type))})`,
    type: arrayOf(type),
  };
}

function translateSubscript(fields: Node, env: Environment): TypedSql {
  const value = translateExpression(fields.this, env);
  const index = translateExpression(fields.index, env);
  if (value.type.kind === 'array') {
    return { sql: `trino_subscript(${value.sql}, ${coerce(index, bigint).sql})`, type: value.type.element };
  }
  if (value.type.kind === 'map') {
    return { sql: `trino_map_subscript(${value.sql}, ${coerce(index, value.type.key).sql})`, type: value.type.value };
  }
  throw new QueryError('TYPE_MISMATCH', `Cannot use ${typeName(index.type)} for subscript of ${typeName(value.type)}`);
}

function translateExtract(fields: Node, env: Environment): TypedSql {
  const names: Readonly<Record<string, string>> = { dayofweek: 'day_of_week', dayofyear: 'day_of_year' };
  const field = String(fields.field).toLowerCase();
  return callNamed(names[field] ?? field, [fields.this], env);
}

function translateAtTimeZone(fields: Node, env: Environment): TypedSql {
  const value = translateExpression(fields.this, env);
  const zone = translateExpression(fields.zone, env).literal?.value;
  if (zone?.toUpperCase() !== 'UTC') throw new QueryError('NOT_SUPPORTED', 'AT TIME ZONE of another zone than UTC');
  return coerce(value, { kind: 'timestamptz' });
}

function callNamed(name: string, args: readonly unknown[], env: Environment): TypedSql {
  return translateCall({ name, args, distinct: false, orderBy: [], ignoreNulls: false }, env, translateExpression);
}

function isTrue(sql: string): TypedSql {
  return { sql, type: boolean };
}

function typeOfAll(what: string, values: readonly TypedSql[]): TrinoType {
  return values.reduce<TrinoType>((type, value) => {
    const common = commonType(type, value.type);
    if (!common)
      throw new QueryError(
        'TYPE_MISMATCH',
        `All ${what} results must be the same type: ${typeName(type)}, ${typeName(value.type)}`,
      );
    return common;
  }, unknown);
}

function oneColumn(columns: readonly OutputColumn[]): readonly [OutputColumn] {
  if (columns.length !== 1)
    throw new QueryError(
      'NOT_SUPPORTED',
      `Multiple columns returned by subquery are not yet supported. Found ${columns.length}`,
    );
  return [columns[0]!];
}

function functionNotFound(name: string): QueryError {
  return new QueryError('FUNCTION_NOT_FOUND', `Function '${name.toLowerCase()}' not registered`);
}

function withPosition(error: unknown, node: unknown, env: Environment): unknown {
  if (!(error instanceof QueryError) || / line \d+:\d+: /.test(error.message)) return error;
  const position = positionOf(env.statement.sql, node);
  return position ? new QueryError(error.code, error.message.slice(error.code.length + 2), position) : error;
}
