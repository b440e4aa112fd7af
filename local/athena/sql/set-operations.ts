import { QueryError } from '../query-error.ts';
import type { Query, QueryContext } from './environment.ts';
import { expectOnly, open } from './nodes.ts';
import type { Node } from './parser.ts';
import { limitRows } from './row-limits.ts';
import type { OutputColumn, Statement } from './statement.ts';
import { commonType, duckType, sameType, typeName } from './trino-type.ts';

/** Translates UNION, INTERSECT and EXCEPT; columns are brought to common types, names are the left side's. */
export function translateSetOperation(kind: string, fields: Node, context: QueryContext): Query {
  expectOnly(kind, fields, ['left', 'right', 'all', 'distinct', 'order_by', 'limit', 'offset', 'fetch']);
  const left = context.query(fields.left, context);
  const right = context.query(fields.right, context);
  const columns = commonColumns(kind, left.columns, right.columns);
  const word = `${kind.toUpperCase()}${fields.all ? ' ALL' : ''}`;
  const sql = `(${withTypes(left, columns, context.statement)}) ${word} (${withTypes(right, columns, context.statement)})`;
  return limitRows({ sql, columns }, fields, context);
}

/** INTERSECT binds tighter than UNION and EXCEPT, but the parser groups all of them from the left. */
export function intersectFirst(fields: Node): readonly [kind: string, fields: Node] {
  const [kind, left] = open(fields.left);
  if (kind !== 'union' && kind !== 'except') return ['intersect', fields];
  const { order_by, limit, offset, ...rest } = fields;
  const inner = { ...rest, left: left.right };
  const [innerKind, innerFields] = intersectFirst(inner);
  return [kind, { ...left, right: { [innerKind]: innerFields }, order_by, limit, offset }];
}

function commonColumns(
  kind: string,
  left: readonly OutputColumn[],
  right: readonly OutputColumn[],
): readonly OutputColumn[] {
  if (left.length !== right.length) {
    throw new QueryError(
      'TYPE_MISMATCH',
      `${kind.toUpperCase()} query has different number of fields: ${left.length}, ${right.length}`,
    );
  }
  return left.map(({ name, type }, index) => {
    const other = right[index]!.type;
    const common = commonType(type, other);
    if (common) return { name, type: common };
    const detail = `column ${index + 1} in ${kind.toUpperCase()} query has incompatible types: ${typeName(type)}, ${typeName(other)}`;
    throw new QueryError('TYPE_MISMATCH', detail);
  });
}

function withTypes({ sql, columns }: Query, wanted: readonly OutputColumn[], statement: Statement): string {
  if (columns.every(({ type }, index) => sameType(type, wanted[index]!.type))) return sql;
  const alias = statement.alias();
  const casts = wanted.map(({ type }, index) => `CAST(${alias}.c${index} AS ${duckType(type)}) AS c${index}`);
  return `SELECT ${casts.join(', ')} FROM (${sql}) AS ${alias}`;
}
