import { QueryError } from '../query-error.ts';
import { canCoerce, duckType, sameType, type TrinoType, typeName } from './trino-type.ts';

/** A DuckDB expression and the Trino type that it stands for. */
export interface TypedSql {
  readonly sql: string;
  readonly type: TrinoType;
  /** The text of a string or number constant. */
  readonly literal?: { readonly kind: 'string' | 'number'; readonly value: string };
}

/** The expression as a value of a type that it becomes without a cast in the statement. @throws {QueryError} `TYPE_MISMATCH` */
export function coerce(expression: TypedSql, type: TrinoType): TypedSql {
  if (sameType(expression.type, type)) return expression;
  if (!canCoerce(expression.type, type)) {
    throw new QueryError('TYPE_MISMATCH', `Cannot coerce ${typeName(expression.type)} to ${typeName(type)}`);
  }
  return { sql: `CAST(${expression.sql} AS ${duckType(type)})`, type, literal: expression.literal };
}

/** A DuckDB string constant. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A DuckDB name. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
