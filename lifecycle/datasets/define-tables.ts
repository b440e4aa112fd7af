import { type Athena, QueryFailedError } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import { type PresentColumns, planTables, type TableDefinitions } from './plan-tables.ts';
import { sqlName } from './sql-literal.ts';

/**
 * Creates the tables that are missing and adds the columns that others lack. May be run again at any time.
 *
 * @throws {UnsupportedSchemaChangeError} before anything is changed
 */
export async function defineTables(
  { athena, objects }: { athena: Athena; objects: Objects },
  definitions: TableDefinitions,
): Promise<void> {
  const present = new Map<string, PresentColumns>();
  const read = async (table: string, where = '') => {
    const columns = await readColumns(athena, table, where);
    if (columns.size > 0) present.set(table, columns);
  };
  for (const { name } of definitions.iceberg) await read(name);
  // Without a batch, Athena may list all that are possible, and they are two billion.
  for (const { name, partitionedBy } of definitions.staging)
    await read(name, ` WHERE ${sqlName(partitionedBy[0]!)} = 1`);
  for (const statement of planTables(definitions, present, prefix => objects.uri(prefix))) {
    await athena.execute(statement);
  }
}

/** Columns of a table as it is; none when there is no such table. */
async function readColumns(athena: Athena, table: string, where: string): Promise<PresentColumns> {
  try {
    const columns = await athena.columns(`SELECT * FROM ${sqlName(table)}${where} LIMIT 0`);
    return new Map(columns.map(({ name, type }) => [name, type]));
  } catch (error) {
    if (error instanceof QueryFailedError && error.reason.includes('TABLE_NOT_FOUND')) return new Map();
    throw error;
  }
}
