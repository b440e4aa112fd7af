import { QueryError } from '../query-error.ts';
import { environmentOf, type Query, type QueryContext } from './environment.ts';
import { translateExpression } from './expressions.ts';
import { list, open } from './nodes.ts';
import { orderingTerm } from './ordering.ts';
import type { Node } from './parser.ts';

/** Orders and cuts a finished query by the clauses behind it: they see its result columns only. */
export function limitRows(query: Query, fields: Node, context: QueryContext): Query {
  const order = fields.order_by as Node | null;
  const limit = limitSql(fields);
  if (!order && !limit) return query;
  const alias = context.statement.alias();
  const scope = {
    fields: query.columns.map(({ name, type }, index) => ({
      name: name?.toLowerCase(),
      sql: `${alias}.c${index}`,
      type,
    })),
    parent: context.outer,
  };
  const environment = environmentOf(context, scope);
  const terms = list(order?.expressions).map(term =>
    orderingTerm(
      term,
      expression => ordinalOf(expression, query.columns.length) ?? translateExpression(expression, environment).sql,
    ),
  );
  const orderBy = terms.length ? ` ORDER BY ${terms.join(', ')}` : '';
  return { sql: `SELECT * FROM (${query.sql}) AS ${alias}${orderBy}${limit}`, columns: query.columns };
}

/** LIMIT and OFFSET, or FETCH FIRST, as DuckDB writes them. */
export function limitSql(fields: Node): string {
  const fetch = fields.fetch as Node | null | undefined;
  if (fetch && (fetch.with_ties || fetch.percent)) throw new QueryError('NOT_SUPPORTED', 'FETCH FIRST … WITH TIES');
  const limit = fetch ? countOf(fetch.count) : countOf(fields.limit);
  const offset = countOf(fields.offset);
  return `${limit === undefined ? '' : ` LIMIT ${limit}`}${offset === undefined ? '' : ` OFFSET ${offset}`}`;
}

/** The position that an integer constant in ORDER BY or GROUP BY names. @throws {QueryError} `INVALID_COLUMN_REFERENCE` */
export function ordinalOf(expression: unknown, columns: number): string | undefined {
  const [kind, { literal_type: type, value }] = open(expression);
  if (kind !== 'literal' || type !== 'number' || !/^\d+$/.test(String(value))) return undefined;
  if (Number(value) < 1 || Number(value) > columns) {
    throw new QueryError(
      'INVALID_COLUMN_REFERENCE',
      `Position ${value} is not in the select list of ${columns} columns`,
    );
  }
  return String(value);
}

function countOf(clause: unknown): string | undefined {
  if (!clause) return undefined;
  const [kind, fields] = open('this' in (clause as Node) ? (clause as Node).this : clause);
  if (kind === 'column' && String((fields.name as { name: string }).name).toLowerCase() === 'all') return undefined;
  if (kind !== 'literal' || fields.literal_type !== 'number' || !/^\d+$/.test(String(fields.value))) {
    throw new QueryError('SYNTAX_ERROR', 'LIMIT, OFFSET and FETCH take an integer constant');
  }
  return String(fields.value);
}
