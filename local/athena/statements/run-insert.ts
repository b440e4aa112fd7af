import type { DataFile } from '../../iceberg/data-file.ts';
import { CommitConflictError } from '../../iceberg/errors.ts';
import { currentSchema } from '../../iceberg/table-metadata.ts';
import { appendFiles } from '../../iceberg/write-files.ts';
import { QueryError } from '../query-error.ts';
import { columnsOf } from '../sources/iceberg-source.ts';
import { openTable } from '../sources/relations.ts';
import type { Query } from '../sql/environment.ts';
import { expectOnly, list } from '../sql/nodes.ts';
import type { Node } from '../sql/parser.ts';
import { translateQuery } from '../sql/queries.ts';
import { nameOf, type OutputColumn } from '../sql/statement.ts';
import { canCoerce, duckType, typeName } from '../sql/trino-type.ts';
import { commitError, queryIdEntry, refuseStopped } from './commits.ts';
import type { Execution, Outcome } from './execution.ts';
import { openTarget, type Target, targetName } from './targets.ts';
import { prepareTranslation } from './translation.ts';
import { writeTableFiles } from './write-files.ts';

const maximumAttempts = 20;

type NamedColumn = OutputColumn & { readonly name: string };

/** Runs INSERT INTO … SELECT or VALUES: one commit, or none when there are no rows. */
export async function runInsert(tree: Node, execution: Execution): Promise<Outcome> {
  const fields = tree.insert as Node;
  expectOnly('INSERT', fields, ['table', 'columns', 'query', 'values']);
  const target = await openTarget(targetName(fields.table, execution.database), 'append', execution);
  const { table } = target;
  const columns = columnsOf(currentSchema(table.metadata));
  const queryTree = fields.query ?? valuesTree(fields);
  const { statement, relations } = await prepareTranslation(queryTree as Node, execution, tree);
  const query = translateQuery(queryTree, statement);
  const rows = asTableRows(query, columns, list(fields.columns).map(nameOf));
  const files = await writeTableFiles(table, rows, execution);
  await append(target, files, execution);
  return {
    type: 'DML',
    subtype: 'INSERT',
    updateCount: files.reduce((sum, { recordCount }) => sum + recordCount, 0),
    scannedBytes: relations.scannedBytes(),
  };
}

/** Commits new files. Appends never conflict with each other: whoever comes second commits on top of the first. */
async function append({ table, entry, name }: Target, files: readonly DataFile[], execution: Execution): Promise<void> {
  refuseStopped(execution);
  for (let latest = table, attempt = 1; ; attempt++) {
    try {
      await appendFiles(latest, files, { [queryIdEntry]: execution.queryId });
      return;
    } catch (error) {
      if (!(error instanceof CommitConflictError)) throw error;
      if (attempt === maximumAttempts) throw commitError(name);
      latest = await openTable(entry, execution);
    }
  }
}

function valuesTree(fields: Node): Node {
  const rows = fields.values as readonly (readonly unknown[])[];
  return { values: { expressions: rows.map(expressions => ({ expressions })) } };
}

/** The query's rows with the table's columns and types. @throws {QueryError} `TYPE_MISMATCH`, as Trino inserts nothing that needs a cast */
function asTableRows(
  { sql, columns: given }: Query,
  columns: readonly NamedColumn[],
  named: readonly string[],
): string {
  const targets = named.length ? named.map(name => columnNamed(columns, name)) : columns;
  const fits =
    targets.length === given.length && targets.every(({ type }, index) => canCoerce(given[index]!.type, type));
  if (!fits || new Set(named).size !== named.length) {
    const detail = `Insert query has mismatched column types: Table: [${types(targets)}], Query: [${types(given)}]`;
    throw new QueryError('TYPE_MISMATCH', detail);
  }
  const values = columns.map((column, index) => {
    const from = targets.indexOf(column);
    return `CAST(${from < 0 ? 'NULL' : `inserted.c${from}`} AS ${duckType(column.type)}) AS c${index}`;
  });
  return `SELECT ${values.join(', ')} FROM (${sql}) AS inserted`;
}

function columnNamed(columns: readonly NamedColumn[], name: string): NamedColumn {
  const column = columns.find(each => each.name === name);
  if (!column) throw new QueryError('COLUMN_NOT_FOUND', `Insert column name does not exist in target table: ${name}`);
  return column;
}

function types(columns: readonly OutputColumn[]): string {
  return columns.map(({ type }) => typeName(type)).join(', ');
}
