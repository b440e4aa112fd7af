import type { Scope } from './scope.ts';
import type { OutputColumn, Statement } from './statement.ts';

/** A query in DuckDB's SQL: its columns are named `c0`, `c1` … there, so that no name of the statement can clash. */
export interface Query {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

/** A table of a WITH clause. */
export interface CommonTable {
  readonly alias: string;
  readonly columns: readonly OutputColumn[];
}

/** Where a query stands. */
export interface QueryContext {
  readonly statement: Statement;
  /** Tables of the WITH clauses around, by name. */
  readonly common: ReadonlyMap<string, CommonTable>;
  /** What the query around has in sight. */
  readonly outer?: Scope;
  /** Translates a query inside this one. */
  query(node: unknown, context: QueryContext): Query;
}

/** What is in sight of an expression. */
export interface Environment {
  readonly statement: Statement;
  readonly scope: Scope;
  /** Translates a query inside an expression. */
  query(node: unknown, scope: Scope): Query;
}

/** The environment of a query's expressions over some columns. */
export function environmentOf(context: QueryContext, scope: Scope): Environment {
  return {
    statement: context.statement,
    scope,
    query: (node, outer) => context.query(node, { ...context, outer }),
  };
}
