import { QueryError } from '../query-error.ts';
import { environmentOf, type Query, type QueryContext } from './environment.ts';
import { translateExpression } from './expressions.ts';
import { expectOnly, list } from './nodes.ts';
import type { Node } from './parser.ts';
import { limitRows } from './row-limits.ts';
import { commonType, duckType, type TrinoType, typeName, unknown } from './trino-type.ts';
import type { TypedSql } from './typed-sql.ts';

/** Translates `VALUES (1, 'a'), (2, 'b')`. */
export function translateValues(fields: Node, context: QueryContext): Query {
  expectOnly('VALUES', fields, ['expressions', 'order_by', 'limit', 'offset']);
  const rows = list(fields.expressions).map(row => list(row.expressions));
  return limitRows(translateRows(rows, context), fields, context);
}

/** Translates rows of expressions into a query. @throws {QueryError} `TYPE_MISMATCH` when rows differ in length or a column's types have nothing in common */
export function translateRows(rows: readonly (readonly unknown[])[], context: QueryContext): Query {
  const environment = environmentOf(context, { fields: [], parent: context.outer });
  const translated = rows.map(row => row.map(value => translateExpression(value, environment)));
  const width = translated[0]!.length;
  if (translated.some(row => row.length !== width))
    throw new QueryError('TYPE_MISMATCH', 'Values rows have mismatched types');
  const types = Array.from({ length: width }, (_, column) => columnType(translated, column));
  const names = types.map((_, index) => `c${index}`);
  // A cast of the first row types the whole column; DuckDB would take NULLs for integers.
  const lines = translated.map(
    row => `(${row.map(({ sql }, column) => `CAST(${sql} AS ${duckType(types[column]!)})`).join(', ')})`,
  );
  const sql = `SELECT * FROM (VALUES ${lines.join(', ')}) AS ${context.statement.alias()}(${names.join(', ')})`;
  return { sql, columns: types.map(type => ({ type })) };
}

function columnType(rows: readonly (readonly TypedSql[])[], column: number): TrinoType {
  return rows.reduce<TrinoType>((type, row) => {
    const common = commonType(type, row[column]!.type);
    if (common) return common;
    throw new QueryError(
      'TYPE_MISMATCH',
      `Values rows have mismatched types: ${typeName(type)} vs ${typeName(row[column]!.type)}`,
    );
  }, unknown);
}
