import { QueryError } from '../query-error.ts';
import { type Environment, environmentOf, type Query, type QueryContext } from './environment.ts';
import { translateCondition, translateExpression } from './expressions.ts';
import { expectOnly, type Identifier, list, open, positionOf } from './nodes.ts';
import { orderingTerm } from './ordering.ts';
import type { Node } from './parser.ts';
import { translateFrom } from './relations.ts';
import { limitSql, ordinalOf } from './row-limits.ts';
import type { Scope } from './scope.ts';
import { nameOf, type OutputColumn } from './statement.ts';
import { duckType } from './trino-type.ts';
import type { TypedSql } from './typed-sql.ts';

interface Item extends OutputColumn, TypedSql {}

const clauses = [
  'expressions',
  'from',
  'joins',
  'where_clause',
  'group_by',
  'having',
  'order_by',
  'limit',
  'offset',
  'fetch',
  'distinct',
];

/** Translates one SELECT. */
export function translateSelect(fields: Node, context: QueryContext): Query {
  expectOnly('SELECT', fields, clauses);
  if (list(fields.expressions).length === 0)
    throw new QueryError('SYNTAX_ERROR', 'mismatched input: SELECT needs an expression');
  const from = translateFrom(fields, context);
  const scope: Scope = { fields: from.fields, parent: context.outer };
  const environment = environmentOf(context, scope);
  const items = list(fields.expressions).flatMap(item => translateItem(item, environment));
  const sql = [
    `SELECT ${fields.distinct ? 'DISTINCT ' : ''}${items.map(itemSql).join(', ')}`,
    from.sql && `FROM ${from.sql}`,
    fields.where_clause &&
      `WHERE ${translateCondition((fields.where_clause as Node).this, environment, 'WHERE clause')}`,
    fields.group_by && groupBy(fields.group_by as Node, items, environment),
    fields.having && `HAVING ${translateCondition((fields.having as Node).this, environment, 'HAVING clause')}`,
    fields.order_by && orderBy(fields.order_by as Node, items, environment, fields.distinct === true),
  ];
  return {
    sql: `${sql.filter(Boolean).join(' ')}${limitSql(fields)}`,
    columns: items.map(({ name, type }) => ({ name, type })),
  };
}

function itemSql({ sql, type }: Item, index: number): string {
  // DuckDB would take a bare NULL for an integer.
  return `${type.kind === 'unknown' ? `CAST(${sql} AS ${duckType(type)})` : sql} AS c${index}`;
}

function translateItem(item: unknown, env: Environment): Item[] {
  const [kind, fields] = open(item);
  if (kind === 'star') return expandStar(fields, env);
  if (kind === 'alias') {
    expectOnly('select item', fields, ['this', 'alias']);
    return [{ ...translateExpression(fields.this, env), name: (fields.alias as Identifier).name }];
  }
  const name = kind === 'column' || kind === 'dot' ? ((fields.name ?? fields.field) as Identifier).name : undefined;
  return [{ ...translateExpression(item, env), name }];
}

function expandStar(fields: Node, env: Environment): Item[] {
  expectOnly('*', fields, ['table']);
  const table = fields.table ? nameOf(fields.table) : undefined;
  const found = env.scope.fields.filter(field => table === undefined || field.table === table);
  if (found.length === 0)
    throw new QueryError(
      table ? 'TABLE_NOT_FOUND' : 'COLUMN_NOT_FOUND',
      table ? `Unable to resolve reference ${table}` : 'SELECT * not allowed in queries without FROM clause',
    );
  return found.map(({ name, sql, type }) => ({ name, sql, type }));
}

function groupBy(fields: Node, items: readonly Item[], env: Environment): string {
  expectOnly('GROUP BY', fields, ['expressions']);
  return `GROUP BY ${list(fields.expressions)
    .map(term => groupingTerm(term, items, env))
    .join(', ')}`;
}

/** A position or an expression over the columns of FROM: names of the select list are not in sight here. */
function groupingTerm(term: unknown, items: readonly Item[], env: Environment): string {
  const [kind, fields] = open(term);
  const name = kind === 'function' ? String(fields.name).toUpperCase() : '';
  if (name === 'GROUPING SETS' || name === 'ROLLUP' || name === 'CUBE') {
    return `${name} (${list(fields.args)
      .map(arg => groupingTerm(arg, items, env))
      .join(', ')})`;
  }
  if (kind === 'tuple' || kind === 'paren') {
    const inner = kind === 'tuple' ? list(fields.expressions) : [fields.this];
    return `(${inner.map(element => groupingTerm(element, items, env)).join(', ')})`;
  }
  return ordinalOf(term, items.length) ?? translateExpression(term, env).sql;
}

/** Names of the select list go before those of FROM. */
function orderBy(fields: Node, items: readonly Item[], env: Environment, distinct: boolean): string {
  expectOnly('ORDER BY', fields, ['expressions']);
  const outputs = items.filter(({ name }) => name !== undefined);
  const scope: Scope = {
    fields: outputs.map(({ name, sql, type }) => ({ name: name!.toLowerCase(), sql, type })),
    parent: env.scope,
  };
  const terms = list(fields.expressions).map(term =>
    orderingTerm(term, expression => {
      const ordinal = ordinalOf(expression, items.length) ?? outputPosition(expression, items, env);
      if (ordinal) return ordinal;
      const { sql } = translateExpression(expression, { ...env, scope });
      const position = items.findIndex(item => item.sql === sql) + 1;
      if (position) return `${position}`;
      if (!distinct) return sql;
      throw new QueryError(
        'EXPRESSION_NOT_IN_DISTINCT',
        'For SELECT DISTINCT, ORDER BY expressions must appear in select list',
        positionOf(env.statement.sql, expression),
      );
    }),
  );
  return `ORDER BY ${terms.join(', ')}`;
}

function outputPosition(expression: unknown, items: readonly Item[], env: Environment): string | undefined {
  const [kind, fields] = open(expression);
  if (kind !== 'column' || fields.table) return undefined;
  const name = nameOf(fields.name);
  const positions = items.flatMap((item, index) => (item.name?.toLowerCase() === name ? [index] : []));
  const different = new Set(positions.map(index => items[index]!.sql));
  if (different.size > 1)
    throw new QueryError('AMBIGUOUS_NAME', `Column '${name}' is ambiguous`, positionOf(env.statement.sql, expression));
  return positions.length ? `${positions[0]! + 1}` : undefined;
}
