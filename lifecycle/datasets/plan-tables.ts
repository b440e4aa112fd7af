import type { Column, TableSchema } from '../../contracts/tables.ts';
import { ddlName, sqlString } from './sql-literal.ts';

/** Tables of a deployment, as the custom resource names them. */
export interface TableDefinitions {
  readonly iceberg: readonly TableSchema[];
  /** External tables over Parquet files, partitioned by batch. */
  readonly staging: readonly TableSchema[];
}

/** Columns that a table has: Athena's type by name. */
export type PresentColumns = ReadonlyMap<string, string>;

/** Thrown when a table would have to lose a column or change a type; lists every such change, and nothing was changed. */
export class UnsupportedSchemaChangeError extends Error {
  override readonly name = 'UnsupportedSchemaChangeError';

  constructor(problems: readonly string[]) {
    super(`Cannot change the tables, only adding columns is supported:\n${problems.join('\n')}`);
  }
}

/**
 * Words the DDL that brings the tables as they are to their definitions: creates those that are missing, adds columns to the others.
 *
 * @param present columns of the tables that exist, by table name
 * @param location prefix in the bucket → `s3://…`
 * @throws {UnsupportedSchemaChangeError}
 */
export function planTables(
  definitions: TableDefinitions,
  present: ReadonlyMap<string, PresentColumns>,
  location: (prefix: string) => string,
): string[] {
  const tables = [...definitions.iceberg, ...definitions.staging];
  const problems = tables.flatMap(table => findProblems(table, present.get(table.name)));
  if (problems.length > 0) throw new UnsupportedSchemaChangeError(problems);
  const evolve = (table: TableSchema, create: (table: TableSchema, uri: string) => string): string[] => {
    const columns = present.get(table.name);
    return columns ? addColumns(table, columns) : [create(table, location(table.prefix))];
  };
  return [
    ...definitions.iceberg.flatMap(table => evolve(table, createIceberg)),
    ...definitions.staging.flatMap(table => evolve(table, createStaging)),
  ];
}

function findProblems(
  { name: table, columns, partitionedBy }: TableSchema,
  present: PresentColumns = new Map(),
): string[] {
  const wanted = new Map(columns.map(({ name, type }) => [name, type]));
  return [...present]
    .filter(([name]) => !partitionedBy.includes(name))
    .flatMap(([name, type]) => {
      const expected = wanted.get(name);
      if (!expected) return [`${table} has column "${name}", which its definition lacks`];
      return isType(type, expected)
        ? []
        : [`${table} has column "${name}" of type ${type}, its definition says ${expected}`];
    });
}

/** Whether a type of a query's result means the DDL's. */
function isType(present: string, defined: Column['type']): boolean {
  if (defined === 'string') return present === 'varchar';
  if (defined === 'int') return present === 'integer';
  return present === defined;
}

function addColumns({ name: table, columns }: TableSchema, present: PresentColumns): string[] {
  const added = columns.filter(({ name }) => !present.has(name));
  return added.length > 0 ? [`ALTER TABLE ${ddlName(table)} ADD COLUMNS (${columnList(added)})`] : [];
}

function createIceberg({ name, columns, partitionedBy }: TableSchema, uri: string): string {
  return `CREATE TABLE IF NOT EXISTS ${ddlName(name)} (${columnList(columns)})
PARTITIONED BY (${partitionedBy.join(', ')})
LOCATION ${sqlString(uri)}
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')`;
}

/** The partitions are not registered but computed: the batch's number is its folder. */
function createStaging({ name, columns, partitionedBy }: TableSchema, uri: string): string {
  const [batch] = partitionedBy as [string];
  const properties = {
    'projection.enabled': 'true',
    [`projection.${batch}.type`]: 'integer',
    [`projection.${batch}.range`]: '1,2147483647',
    'storage.location.template': `${uri}\${${batch}}/`,
  };
  return `CREATE EXTERNAL TABLE IF NOT EXISTS ${ddlName(name)} (${columnList(columns)})
PARTITIONED BY (${ddlName(batch)} bigint)
STORED AS PARQUET
LOCATION ${sqlString(uri)}
TBLPROPERTIES (${Object.entries(properties)
    .map(([key, value]) => `${sqlString(key)} = ${sqlString(value)}`)
    .join(', ')})`;
}

function columnList(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `${ddlName(name)} ${type}`).join(', ');
}
