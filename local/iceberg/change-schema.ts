import type { ColumnDefinition, Table } from './table.ts';

/** New name and type of a column. */
export interface ColumnChange {
  /** @default - the name stays */
  readonly name?: string;
  /** int → bigint, float → double, or a decimal of higher precision. @default - the type stays */
  readonly type?: string;
  readonly comment?: string;
}

/**
 * Adds columns at the end (`ALTER TABLE … ADD COLUMNS`); rows already there read NULL. Writes metadata only, makes no snapshot.
 *
 * @throws {InvalidSchemaError} when a name is taken
 * @throws {CommitConflictError}
 */
export function addColumns(_table: Table, _columns: readonly ColumnDefinition[]): Promise<Table> {
  throw new Error('not built yet');
}

/**
 * Renames a column or widens its type (`ALTER TABLE … CHANGE COLUMN`). Files already there are read by field id.
 *
 * @throws {InvalidSchemaError} when there is no such column, the name is taken, or the type can't become the other
 * @throws {CommitConflictError}
 */
export function changeColumn(_table: Table, _column: string, _change: ColumnChange): Promise<Table> {
  throw new Error('not built yet');
}

/**
 * Removes a column from the schema (`ALTER TABLE … DROP COLUMN`); its values stay in the files, a column of that name added later is another one.
 *
 * @throws {InvalidSchemaError} when there is no such column, it is the last one, or a partition comes from it
 * @throws {CommitConflictError}
 */
export function dropColumn(_table: Table, _column: string): Promise<Table> {
  throw new Error('not built yet');
}
