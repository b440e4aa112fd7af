import { addColumns, changeColumn, dropColumn } from '../../iceberg/change-schema.ts';
import { toAthenaType } from '../../iceberg/column-type.ts';
import { commit } from '../../iceberg/commit.ts';
import { InvalidSchemaError } from '../../iceberg/errors.ts';
import { dropTable as dropIcebergTable, type Table } from '../../iceberg/table.ts';
import { currentSchema } from '../../iceberg/table-metadata.ts';
import { requireInCatalog, requireObjects, requireTable } from '../access.ts';
import type { CatalogTable } from '../catalog.ts';
import { QueryError } from '../query-error.ts';
import { openTable } from '../sources/relations.ts';
import { commitOrFail } from './commits.ts';
import type { Execution, Outcome } from './execution.ts';
import { checkIcebergProperties } from './iceberg-properties.ts';
import type { ParsedStatement, TableName } from './parsed-statement.ts';
import { findTable, openTarget } from './targets.ts';

type Kind<K extends ParsedStatement['kind']> = Extract<ParsedStatement, { kind: K }>;

/** Runs DROP TABLE: an Iceberg table goes with its data, an external one without. */
export async function runDropTable({ name, ifExists }: Kind<'dropTable'>, execution: Execution): Promise<Outcome> {
  const database = name.database ?? execution.database;
  const entry = await execution.catalog.find(database, name.table);
  if (!entry && ifExists) return { type: 'DDL', subtype: 'DROP_TABLE' };
  const { location, kind } = entry ?? (await findTable(name, execution));
  requireTable(execution.caller, 'drop', database, name.table);
  if (kind === 'iceberg') {
    requireObjects(execution.caller, 'drop', location);
    // Data first: a drop that is cut short can be done again as long as the catalog has the table.
    await dropIcebergTable(execution.store, location);
  }
  await execution.catalog.remove(database, name.table);
  return { type: 'DDL', subtype: 'DROP_TABLE' };
}

/** Runs ALTER TABLE … ADD COLUMNS, CHANGE COLUMN, DROP COLUMN. */
export async function runAlter(
  statement: Kind<'addColumns' | 'changeColumn' | 'dropColumn'>,
  execution: Execution,
): Promise<Outcome> {
  const entry = await findTable(statement.name, execution);
  if (entry.kind === 'external' && statement.kind === 'addColumns')
    return addExternalColumns(statement, entry, execution);
  const { table, name } = await openTarget(statement.name, 'alter', execution);
  try {
    await commitOrFail(name, execution, () => alter(table, statement));
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw new QueryError('INVALID_SCHEMA', error.message);
    throw error;
  }
  return {
    type: 'DDL',
    subtype: `ALTER_TABLE_${statement.kind === 'addColumns' ? 'ADD_COLUMNS' : statement.kind === 'dropColumn' ? 'DROP_COLUMN' : 'CHANGE_COLUMN'}`,
  };
}

/** An external table's columns are in the catalog alone. */
async function addExternalColumns(
  { columns }: Kind<'addColumns'>,
  entry: CatalogTable,
  { caller, catalog }: Execution,
): Promise<Outcome> {
  requireTable(caller, 'alter', entry.database, entry.name);
  const taken = [...entry.columns, ...entry.partitionKeys].map(({ name }) => name);
  const twice = columns.find(({ name }) => taken.includes(name));
  if (twice) throw new QueryError('INVALID_SCHEMA', `Duplicate column name ${twice.name} in the table definition`);
  await catalog.put({ ...entry, columns: [...entry.columns, ...columns] });
  return { type: 'DDL', subtype: 'ALTER_TABLE_ADD_COLUMNS' };
}

function alter(table: Table, statement: Kind<'addColumns' | 'changeColumn' | 'dropColumn'>): Promise<Table> {
  if (statement.kind === 'addColumns') return addColumns(table, statement.columns);
  if (statement.kind === 'dropColumn') return dropColumn(table, statement.column);
  return changeColumn(table, statement.column, statement.change);
}

/** Runs ALTER TABLE … SET TBLPROPERTIES. */
export async function runSetProperties(
  { name: tableName, properties }: Kind<'setProperties'>,
  execution: Execution,
): Promise<Outcome> {
  const { table, name } = await openTarget(tableName, 'alter', execution);
  const changed = { ...table.metadata.properties, ...checkIcebergProperties(properties) };
  await commitOrFail(name, execution, () => commit(table, { ...table.metadata, properties: changed }));
  return { type: 'DDL', subtype: 'ALTER_TABLE_SET_TBLPROPERTIES' };
}

/** Runs SHOW TABLES and SHOW DATABASES. */
export async function runShow(statement: Kind<'showTables' | 'showDatabases'>, execution: Execution): Promise<Outcome> {
  if (statement.kind === 'showDatabases') {
    requireInCatalog(execution.caller, 'glue:GetDatabases');
    return { type: 'UTILITY', subtype: 'SHOW_DATABASES', lines: execution.catalog.databases };
  }
  const database = statement.database ?? execution.database;
  requireInCatalog(execution.caller, 'glue:GetTables', database);
  const pattern = new RegExp(`^(?:${(statement.pattern ?? '*').replaceAll('*', '.*')})$`);
  const names = (await execution.catalog.list(database)).map(({ name }) => name);
  return { type: 'UTILITY', subtype: 'SHOW_TABLES', lines: names.filter(name => pattern.test(name)) };
}

/** Runs DESCRIBE and SHOW COLUMNS. */
export async function runDescribe({ name }: Kind<'describe'>, execution: Execution): Promise<Outcome> {
  const entry = await readableTable(name, execution);
  const columns = await describedColumns(entry, execution);
  return {
    type: 'UTILITY',
    subtype: 'DESCRIBE_TABLE',
    lines: columns.map(column => `${column.name}\t${column.type}\t`),
  };
}

/** Runs SHOW CREATE TABLE. */
export async function runShowCreateTable({ name }: Kind<'showCreateTable'>, execution: Execution): Promise<Outcome> {
  const entry = await readableTable(name, execution);
  const columns = (await describedColumns(entry, execution)).map(column => `  ${column.name} ${column.type}`);
  const lines = [
    `CREATE ${entry.kind === 'external' ? 'EXTERNAL ' : ''}TABLE ${entry.database}.${entry.name} (`,
    ...columns.map((line, index) => `${line}${index < columns.length - 1 ? ',' : ')'}`),
    `LOCATION '${entry.location}'`,
    ...(entry.kind === 'iceberg' ? [`TBLPROPERTIES ('table_type'='iceberg')`] : []),
  ];
  return { type: 'UTILITY', subtype: 'SHOW_CREATE_TABLE', lines };
}

async function readableTable(name: TableName, execution: Execution): Promise<CatalogTable> {
  const entry = await findTable(name, execution);
  requireTable(execution.caller, 'read', entry.database, entry.name);
  return entry;
}

async function describedColumns(entry: CatalogTable, execution: Execution) {
  if (entry.kind === 'external') return [...entry.columns, ...entry.partitionKeys];
  const { metadata } = await openTable(entry, execution);
  return currentSchema(metadata).fields.map(({ name, type }) => ({ name, type: toAthenaType(type) }));
}
