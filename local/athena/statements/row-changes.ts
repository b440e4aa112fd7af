import type { PlannedFile } from '../../iceberg/data-file.ts';
import { planFiles } from '../../iceberg/plan-files.ts';
import { currentSchema, currentSnapshot } from '../../iceberg/table-metadata.ts';
import { overwriteFiles } from '../../iceberg/write-files.ts';
import { columnsOf, icebergSource } from '../sources/iceberg-source.ts';
import type { Field } from '../sql/scope.ts';
import { commitOrFail, queryIdEntry } from './commits.ts';
import { readRows } from './duck-sql.ts';
import type { Execution } from './execution.ts';
import type { Target } from './targets.ts';
import { writeTableFiles } from './write-files.ts';

/** The current rows of a table that a statement changes, with the place of each: `file` and `row`. */
export interface TargetRows {
  readonly files: readonly PlannedFile[];
  readonly columns: ReturnType<typeof columnsOf>;
  /** DuckDB's relation of all rows, under the alias `target`. */
  readonly sql: string;
  /** The same of some files only. */
  sqlOf(files: readonly PlannedFile[]): string;
  /** What names the columns in the statement's conditions and expressions. */
  readonly fields: readonly Field[];
}

/** Plans the reading of a target's current rows, named by the table or its alias. */
export async function planTargetRows({ table, entry }: Target, alias: string | undefined): Promise<TargetRows> {
  const schema = currentSchema(table.metadata);
  const files = await planFiles(table, currentSnapshot(table.metadata));
  const columns = columnsOf(schema);
  const sqlOf = (some: readonly PlannedFile[]) => `${icebergSource(schema, some, { rows: true })} AS target`;
  return {
    files,
    columns,
    sql: sqlOf(files),
    sqlOf,
    fields: columns.map(({ name, type }, index) => ({
      name,
      table: alias ?? entry.name,
      database: alias ? undefined : entry.database,
      sql: `target.c${index}`,
      type,
    })),
  };
}

/** The files that hold at least one of the rows that a query gives by `file`, and the number of those rows. */
export async function findTouched(rows: TargetRows, sql: string, { connection }: Execution) {
  if (rows.files.length === 0) return { files: [], count: 0 };
  const found = await readRows(connection, `SELECT file, CAST(count(*) AS VARCHAR) FROM (${sql}) GROUP BY file`);
  const paths = new Set(found.map(([path]) => path));
  return {
    files: rows.files.filter(({ path }) => paths.has(path)),
    count: found.reduce((sum, [, count]) => sum + Number(count), 0),
  };
}

/**
 * Commits new files in place of those that a statement touched (copy on write).
 *
 * @param rows DuckDB's query of all rows that shall stand in place of the touched files
 */
export async function rewriteFiles(
  { table, name }: Target,
  touched: readonly PlannedFile[],
  rows: string,
  execution: Execution,
): Promise<void> {
  const added = await writeTableFiles(table, rows, execution);
  await commitOrFail(name, execution, () =>
    overwriteFiles(table, { deleted: touched.map(({ uri }) => uri), added }, { [queryIdEntry]: execution.queryId }),
  );
}
