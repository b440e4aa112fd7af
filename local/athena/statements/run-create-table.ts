import { InvalidSchemaError, TableExistsError } from '../../iceberg/errors.ts';
import { createTable, dropTable, loadTable } from '../../iceberg/table.ts';
import { currentSnapshot } from '../../iceberg/table-metadata.ts';
import { requireObjects, requireTable } from '../access.ts';
import type { CatalogTable } from '../catalog.ts';
import { QueryError } from '../query-error.ts';
import { typeOfColumn } from '../sql/trino-type.ts';
import type { Execution, Outcome } from './execution.ts';
import { requireIcebergProperties } from './iceberg-properties.ts';
import type { CreateTable } from './parsed-statement.ts';

const outcome: Outcome = { type: 'DDL', subtype: 'CREATE_TABLE' };

/** Runs CREATE TABLE (Iceberg) and CREATE EXTERNAL TABLE (Parquet). */
export async function runCreateTable(statement: CreateTable, execution: Execution): Promise<Outcome> {
  const database = statement.name.database ?? execution.database;
  if (!execution.catalog.databases.includes(database))
    throw new QueryError('SCHEMA_NOT_FOUND', `Schema ${database} does not exist`);
  const location = locationOf(statement);
  const act = statement.external ? 'declare' : 'create';
  requireTable(execution.caller, act, database, statement.name.table);
  requireObjects(execution.caller, act, location);
  await execution.catalog.inTurn(database, statement.name.table, async () => {
    if (!(await execution.catalog.find(database, statement.name.table))) {
      const entry = { database, name: statement.name.table, location, createdAt: execution.nowMs };
      await execution.catalog.put(
        statement.external ? externalEntry(statement, entry) : await createIceberg(statement, entry, execution),
      );
    } else if (!statement.ifNotExists) {
      throw new QueryError('ALREADY_EXISTS', `Table '${database}.${statement.name.table}' already exists`);
    }
  });
  return outcome;
}

type Entry = Pick<CatalogTable, 'database' | 'name' | 'location' | 'createdAt'>;

function locationOf({ location, name }: CreateTable): string {
  if (location && /^s3:\/\/[^/]+\/.*[^/]/.test(location)) return location.replace(/\/+$/, '');
  throw new QueryError(
    'INVALID_TABLE_PROPERTY',
    `LOCATION of table ${name.table} is '${location ?? ''}', expected 's3://bucket/prefix/'`,
  );
}

async function createIceberg(
  { columns, partitionedBy, properties }: CreateTable,
  entry: Entry,
  { store }: Execution,
): Promise<CatalogTable> {
  const definition = {
    location: entry.location,
    columns,
    partitionedBy,
    properties: requireIcebergProperties(properties),
  };
  try {
    await createTable(store, definition);
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw new QueryError('INVALID_SCHEMA', error.message);
    if (!(error instanceof TableExistsError)) throw error;
    // A creation that was cut short before the catalog knew of it left an empty table behind.
    if (currentSnapshot((await loadTable(store, entry.location)).metadata)) {
      throw new QueryError(
        'ICEBERG_FILESYSTEM_ERROR',
        `Cannot create a table on a non-empty location: ${entry.location}`,
      );
    }
    await dropTable(store, entry.location);
    await createTable(store, definition);
  }
  return { ...entry, kind: 'iceberg', columns: [], partitionKeys: [], parameters: {} };
}

function externalEntry({ columns, partitionedBy, storedAs, properties }: CreateTable, entry: Entry): CatalogTable {
  if (storedAs !== 'parquet')
    throw new QueryError(
      'NOT_SUPPORTED',
      `external table STORED AS ${storedAs ?? 'nothing'} (the embedded Athena reads PARQUET)`,
    );
  const partitionKeys = partitionedBy.map(term => {
    const [name = '', ...type] = term.split(/\s+/);
    return { name, type: type.join(' ') };
  });
  for (const { name, type } of [...columns, ...partitionKeys]) {
    if (!typeOfColumn(type)) throw new QueryError('INVALID_SCHEMA', `Column ${name} has unknown type '${type}'`);
  }
  return { ...entry, kind: 'external', columns, partitionKeys, parameters: properties };
}
