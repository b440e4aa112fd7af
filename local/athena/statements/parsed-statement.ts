import type { ColumnDefinition } from '../../iceberg/table.ts';
import type { Node } from '../sql/parser.ts';

/** A table as a definition statement names it, in lower case. */
export interface TableName {
  /** @default - the database of the query's context */
  readonly database?: string;
  readonly table: string;
}

export type Properties = Readonly<Record<string, string>>;

/** A statement, told apart and read as far as its own grammar goes; queries inside are still trees. */
export type ParsedStatement =
  | { readonly kind: 'query'; readonly tree: Node }
  | { readonly kind: 'insert' | 'update' | 'delete' | 'merge'; readonly tree: Node }
  | { readonly kind: 'unload'; readonly tree: Node; readonly location: string; readonly options: Properties }
  | CreateTable
  | { readonly kind: 'dropTable'; readonly name: TableName; readonly ifExists: boolean }
  | { readonly kind: 'addColumns'; readonly name: TableName; readonly columns: readonly ColumnDefinition[] }
  | {
      readonly kind: 'changeColumn';
      readonly name: TableName;
      readonly column: string;
      readonly change: ColumnDefinition;
    }
  | { readonly kind: 'dropColumn'; readonly name: TableName; readonly column: string }
  | { readonly kind: 'setProperties'; readonly name: TableName; readonly properties: Properties }
  | { readonly kind: 'optimize'; readonly name: TableName }
  | { readonly kind: 'vacuum'; readonly name: TableName }
  | { readonly kind: 'showTables'; readonly database?: string; readonly pattern?: string }
  | { readonly kind: 'showDatabases' }
  | { readonly kind: 'describe'; readonly name: TableName }
  | { readonly kind: 'showCreateTable'; readonly name: TableName };

export interface CreateTable {
  readonly kind: 'createTable';
  readonly external: boolean;
  readonly ifNotExists: boolean;
  readonly name: TableName;
  readonly columns: readonly ColumnDefinition[];
  /** Terms of PARTITIONED BY: transforms of an Iceberg table, typed columns of an external one. */
  readonly partitionedBy: readonly string[];
  readonly storedAs?: string;
  readonly location?: string;
  readonly properties: Properties;
}
