import { QueryError } from '../query-error.ts';
import { type Environment, environmentOf } from '../sql/environment.ts';
import { translateCondition, translateExpression } from '../sql/expressions.ts';
import { expectOnly } from '../sql/nodes.ts';
import type { Node } from '../sql/parser.ts';
import { rootContext } from '../sql/queries.ts';
import { nameOf } from '../sql/statement.ts';
import { canCoerce, typeName } from '../sql/trino-type.ts';
import { coerce } from '../sql/typed-sql.ts';
import type { Execution, Outcome } from './execution.ts';
import { findTouched, planTargetRows, rewriteFiles, type TargetRows } from './row-changes.ts';
import { openTarget, targetName } from './targets.ts';
import { prepareTranslation } from './translation.ts';

/** Runs UPDATE: the files that hold a matching row are written anew. No such row, no commit. */
export async function runUpdate(tree: Node, execution: Execution): Promise<Outcome> {
  const fields = tree.update as Node;
  expectOnly('UPDATE', fields, ['table', 'set', 'where_clause']);
  const { target, rows, environment, scannedBytes } = await openRows(fields.table, tree, execution);
  const condition = whereOf(fields, environment);
  const assignments = readAssignments(fields.set as readonly Assignment[], rows, environment);
  const touched = await findTouched(rows, `SELECT target.file FROM ${rows.sql} WHERE ${condition}`, execution);
  if (touched.files.length > 0) {
    const values = rows.columns.map(({ name }, index) => {
      const assigned = assignments.get(name);
      return `${assigned ? `CASE WHEN ${condition} THEN ${assigned} ELSE target.c${index} END` : `target.c${index}`} AS c${index}`;
    });
    await rewriteFiles(
      target,
      touched.files,
      `SELECT ${values.join(', ')} FROM ${rows.sqlOf(touched.files)}`,
      execution,
    );
  }
  return { type: 'DML', subtype: 'UPDATE', updateCount: touched.count, scannedBytes };
}

/** Runs DELETE: the files that hold a matching row are written anew without it. No such row, no commit. */
export async function runDelete(tree: Node, execution: Execution): Promise<Outcome> {
  const fields = tree.delete as Node;
  expectOnly('DELETE', fields, ['table', 'where_clause']);
  const { target, rows, environment, scannedBytes } = await openRows(fields.table, tree, execution);
  const condition = whereOf(fields, environment);
  const touched = await findTouched(rows, `SELECT target.file FROM ${rows.sql} WHERE ${condition}`, execution);
  if (touched.files.length > 0) {
    const kept = `SELECT ${rows.columns.map((_, index) => `target.c${index}`).join(', ')} FROM ${rows.sqlOf(touched.files)} WHERE (${condition}) IS NOT TRUE`;
    await rewriteFiles(target, touched.files, kept, execution);
  }
  return { type: 'DML', subtype: 'DELETE', updateCount: touched.count, scannedBytes };
}

async function openRows(table: unknown, tree: Node, execution: Execution) {
  if ((table as Node).alias)
    throw new QueryError(
      'SYNTAX_ERROR',
      `mismatched input '${nameOf((table as Node).alias)}': UPDATE and DELETE take no alias`,
    );
  const target = await openTarget(targetName(table, execution.database), 'rewrite', execution);
  const rows = await planTargetRows(target, undefined);
  const { statement, relations } = await prepareTranslation(tree, execution);
  const environment = environmentOf(rootContext(statement), { fields: rows.fields });
  const bytes = rows.files.reduce((sum, { fileSizeInBytes }) => sum + fileSizeInBytes, 0);
  return { target, rows, environment, scannedBytes: bytes + relations.scannedBytes() };
}

function whereOf(fields: Node, environment: Environment): string {
  const where = fields.where_clause as Node | null;
  return where ? translateCondition(where.this, environment, 'WHERE clause') : 'true';
}

/** A column and the expression that it is set to. */
export type Assignment = readonly [column: unknown, value: unknown];

/** Translates the assignments of SET, by column name. @throws {QueryError} `TYPE_MISMATCH`, as Trino assigns nothing that needs a cast */
export function readAssignments(
  assignments: readonly Assignment[],
  { columns }: TargetRows,
  environment: Environment,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [column, value] of assignments) {
    const name = nameOf(column);
    const type = columns.find(each => each.name === name)?.type;
    if (!type) throw new QueryError('COLUMN_NOT_FOUND', `The SET column ${name} does not exist in the table`);
    if (values.has(name)) throw new QueryError('DUPLICATE_COLUMN_NAME', `Multiple assignments for column ${name}`);
    const expression = translateExpression(value, environment);
    if (!canCoerce(expression.type, type)) {
      const detail = `table column types don't match SET expressions: Table: [${typeName(type)}], Expressions: [${typeName(expression.type)}]`;
      throw new QueryError('TYPE_MISMATCH', detail);
    }
    values.set(name, coerce(expression, type).sql);
  }
  return values;
}
