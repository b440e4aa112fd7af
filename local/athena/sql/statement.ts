import { type Position, QueryError } from '../query-error.ts';
import type { Identifier } from './nodes.ts';
import { lineColumn, type Token } from './parser.ts';
import type { TrinoType } from './trino-type.ts';

/** A column of a table or of a query's result; without a name when it is an expression without an alias. */
export interface OutputColumn {
  readonly name?: string;
  readonly type: TrinoType;
}

/** A table that a statement names, at the version it names. */
export interface TableReference {
  readonly database: string;
  readonly name: string;
  /** Snapshot id, or instant in epoch milliseconds. @default - the current state */
  readonly version?: { readonly snapshotId: bigint } | { readonly asOfMs: number };
}

/** A relation that DuckDB can read: columns `c0`, `c1` … in the order of `columns`. */
export interface RelationSource {
  readonly columns: readonly OutputColumn[];
  /** DuckDB's table expression, to stand in FROM. */
  readonly sql: string;
  /** Of the files that it reads. */
  readonly bytes: number;
}

/** What the translation of one statement needs to know beside its tree. */
export interface Statement {
  readonly sql: string;
  readonly tokens: readonly Token[];
  /** The instant that `now()` and `current_date` tell all through the statement, in epoch milliseconds. */
  readonly nowMs: number;
  /** Database of names without one. */
  readonly database: string;
  /**
   * Resolves a table.
   *
   * @param equalities constants that the query compares columns with, so that whole partitions can be left out
   * @throws {QueryError} `TABLE_NOT_FOUND` …
   */
  relation(reference: TableReference, equalities: ReadonlyMap<string, string>, position?: Position): RelationSource;
  /** A fresh alias, unique in the statement. */
  alias(): string;
}

/** Columns under the names of a column alias list; without one they keep their own. @throws {QueryError} `MISMATCHED_COLUMN_ALIASES` */
export function renamed(columns: readonly OutputColumn[], aliases: readonly unknown[]): readonly OutputColumn[] {
  if (aliases.length === 0) return columns;
  if (aliases.length !== columns.length) {
    const detail = `Column alias list has ${aliases.length} entries but relation has ${columns.length} columns`;
    throw new QueryError('MISMATCHED_COLUMN_ALIASES', detail);
  }
  return columns.map(({ type }, index) => ({ name: nameOf(aliases[index]), type }));
}

/** Where a function is first called. */
export function positionOfName(statement: Statement, name: string): Position | undefined {
  const token = statement.tokens.find(({ text }) => text.toLowerCase() === name);
  return token && lineColumn(statement.sql, token.span.start);
}

/** An identifier's name as Athena resolves it: case does not matter, quoted or not. */
export function nameOf(identifier: unknown): string {
  return (identifier as Identifier).name.toLowerCase();
}
