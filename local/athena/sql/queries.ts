import { QueryError } from '../query-error.ts';
import type { CommonTable, Query, QueryContext } from './environment.ts';
import { expectOnly, list, open } from './nodes.ts';
import type { Node } from './parser.ts';
import { limitRows } from './row-limits.ts';
import { translateSelect } from './selects.ts';
import { intersectFirst, translateSetOperation } from './set-operations.ts';
import { nameOf, renamed, type Statement } from './statement.ts';
import { translateValues } from './values.ts';

/** Translates a query (SELECT, VALUES, UNION …) into DuckDB's SQL of the same meaning. @throws {QueryError} */
export function translateQuery(node: unknown, statement: Statement): Query {
  return translate(node, rootContext(statement));
}

/** The context of what stands in no query: the conditions and expressions of UPDATE, DELETE and MERGE. */
export function rootContext(statement: Statement): QueryContext {
  return { statement, common: new Map(), query: translate };
}

function translate(node: unknown, context: QueryContext): Query {
  const [kind, fields] = open(node);
  if (!fields.with) return translateBody(kind, fields, context);
  const { prefix, common } = translateWith(fields.with as Node, context);
  const { sql, columns } = translateBody(kind, { ...fields, with: null }, { ...context, common });
  return { sql: `${prefix} ${sql}`, columns };
}

function translateBody(kind: string, fields: Node, context: QueryContext): Query {
  switch (kind) {
    case 'select':
      return translateSelect(fields, context);
    case 'union':
    case 'except':
      return translateSetOperation(kind, fields, context);
    case 'intersect': {
      const [regrouped, parts] = intersectFirst(fields);
      return translateSetOperation(regrouped, parts, context);
    }
    case 'values':
      return translateValues(fields, context);
    case 'subquery':
      return translateParenthesized(fields, context);
    default:
      throw new QueryError('NOT_SUPPORTED', `${kind.replaceAll('_', ' ')} as a query`);
  }
}

function translateParenthesized(fields: Node, context: QueryContext): Query {
  expectOnly('query', fields, ['this', 'order_by', 'limit', 'offset']);
  return limitRows(translate(fields.this, context), fields, context);
}

function translateWith(fields: Node, context: QueryContext) {
  expectOnly('WITH', fields, ['ctes']);
  const common = new Map(context.common);
  const parts = list(fields.ctes).map(cte => {
    expectOnly('WITH', cte, ['alias', 'this', 'columns']);
    const query = translate(cte.this, { ...context, common: new Map(common) });
    const table: CommonTable = { alias: context.statement.alias(), columns: renamed(query.columns, list(cte.columns)) };
    const name = nameOf(cte.alias);
    common.set(name, table);
    return `${table.alias} AS (${query.sql})`;
  });
  return { prefix: `WITH ${parts.join(', ')}`, common };
}
