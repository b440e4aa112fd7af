import { type Position, QueryError } from '../query-error.ts';
import type { TrinoType } from './trino-type.ts';
import type { TypedSql } from './typed-sql.ts';

/** A column that an expression may name. */
export interface Field {
  /** In lower case; absent for an expression without an alias. */
  readonly name?: string;
  /** The table's name or alias, in lower case; absent behind USING. */
  readonly table?: string;
  readonly database?: string;
  /** DuckDB's name of it, always qualified by a generated alias, so that nothing else can answer to it. */
  readonly sql: string;
  readonly type: TrinoType;
}

/** The columns in sight, and those of the query around. */
export interface Scope {
  readonly fields: readonly Field[];
  readonly parent?: Scope;
}

/** Resolves `column`, `table.column` or `database.table.column`. Names ignore case, as Athena's do. @throws {QueryError} `COLUMN_NOT_FOUND`, `AMBIGUOUS_NAME` */
export function resolveColumn(scope: Scope, path: readonly string[], position?: Position): TypedSql {
  const [name, table, database] = path.map(part => part.toLowerCase()).reverse();
  for (let level: Scope | undefined = scope; level; level = level.parent) {
    const found = level.fields.filter(
      field =>
        field.name === name &&
        (table === undefined || field.table === table) &&
        (database === undefined || field.database === database),
    );
    if (found.length > 1) throw new QueryError('AMBIGUOUS_NAME', `Column '${path.join('.')}' is ambiguous`, position);
    if (found[0]) return { sql: found[0].sql, type: found[0].type };
  }
  throw new QueryError('COLUMN_NOT_FOUND', `Column '${path.join('.')}' cannot be resolved`, position);
}
