import type { Table } from '../../iceberg/table.ts';
import { requireObjects, requireTable, type TableAct } from '../access.ts';
import type { CatalogTable } from '../catalog.ts';
import { QueryError } from '../query-error.ts';
import { openTable } from '../sources/relations.ts';
import type { Node } from '../sql/parser.ts';
import { tableReference } from '../sql/relations.ts';
import type { Execution } from './execution.ts';
import type { TableName } from './parsed-statement.ts';

/** The table that a statement changes. */
export interface Target {
  readonly entry: CatalogTable;
  readonly table: Table;
  /** `database.table` */
  readonly name: string;
}

/** Opens the Iceberg table that a statement changes, if the caller may do so. @throws {QueryError} @throws {ServiceError} */
export async function openTarget(name: TableName, act: TableAct, execution: Execution): Promise<Target> {
  const entry = await findTable(name, execution);
  requireTable(execution.caller, act, entry.database, entry.name);
  requireObjects(execution.caller, act, entry.location);
  if (entry.kind !== 'iceberg') {
    throw new QueryError(
      'NOT_SUPPORTED',
      `Modifying Hive table rows is not supported: ${entry.database}.${entry.name} is no Iceberg table`,
    );
  }
  return { entry, table: await openTable(entry, execution), name: `${entry.database}.${entry.name}` };
}

/** Finds a table in the catalog. @throws {QueryError} `TABLE_NOT_FOUND` */
export async function findTable(
  { database, table }: TableName,
  { catalog, database: context }: Pick<Execution, 'catalog' | 'database'>,
): Promise<CatalogTable> {
  const entry = await catalog.find(database ?? context, table);
  if (entry) return entry;
  throw new QueryError('TABLE_NOT_FOUND', `Table 'awsdatacatalog.${database ?? context}.${table}' does not exist`);
}

/** The name of the table that a tree's node names, without a version. */
export function targetName(node: unknown, database: string): TableName {
  const reference = tableReference((node as { table?: Node }).table ?? (node as Node), database);
  if (reference.version) throw new QueryError('NOT_SUPPORTED', 'writing to a version of a table');
  return { database: reference.database, table: reference.name };
}
