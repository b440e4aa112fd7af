import { QueryError } from '../query-error.ts';
import { type Environment, environmentOf } from '../sql/environment.ts';
import { translateCondition } from '../sql/expressions.ts';
import { expectOnly, list, open } from '../sql/nodes.ts';
import type { Node } from '../sql/parser.ts';
import { rootContext } from '../sql/queries.ts';
import { translateFrom } from '../sql/relations.ts';
import { nameOf } from '../sql/statement.ts';
import { duckType } from '../sql/trino-type.ts';
import { readRows, runSql } from './duck-sql.ts';
import type { Execution, Outcome } from './execution.ts';
import { findTouched, planTargetRows, rewriteFiles, type TargetRows } from './row-changes.ts';
import { type Assignment, readAssignments } from './run-update.ts';
import { openTarget, targetName } from './targets.ts';
import { prepareTranslation } from './translation.ts';

/** One WHEN clause: when it applies, as DuckDB's condition, and what each column becomes. */
interface Clause {
  readonly act: 'update' | 'insert' | 'delete';
  readonly condition: string;
  /** DuckDB's value of each column of the table, in order; none of DELETE. */
  readonly values: readonly string[];
}

/**
 * Runs MERGE. The pairs of source and target rows, each with the clause that applies and the values that come of it, go into a temporary table;
 * then the files that hold a changed row are written anew, and the inserted rows with them, in one commit.
 */
export async function runMerge(tree: Node, execution: Execution): Promise<Outcome> {
  const fields = tree.merge as Node;
  expectOnly('MERGE', fields, ['this', 'using', 'on', 'whens']);
  const { table, alias } = readTarget(fields.this);
  const target = await openTarget(targetName(table, execution.database), 'rewrite', execution);
  const rows = await planTargetRows(target, alias);
  const { statement, relations } = await prepareTranslation(fields, execution);
  const context = rootContext(statement);
  const source = translateFrom({ from: { expressions: [withAlias(fields.using)] } }, context);
  const both = environmentOf(context, { fields: [...rows.fields, ...source.fields] });
  const sourceOnly = environmentOf(context, { fields: source.fields });
  const on = translateCondition(fields.on, both, 'MERGE ON clause');
  const clauses = whensOf(fields).map(when => readClause(when, rows, both, sourceOnly));

  await runSql(execution.connection, pairsSql(clauses, rows, `${source.sql} LEFT JOIN ${rows.sql} ON ${on}`));
  await refuseRepeatedMatches(execution);
  const touched = await findTouched(rows, 'SELECT file FROM pairs WHERE file IS NOT NULL', execution);
  const [[all = '0'] = []] = await readRows(execution.connection, 'SELECT CAST(count(*) AS VARCHAR) FROM pairs');
  const updateCount = Number(all);
  if (updateCount > 0)
    await rewriteFiles(target, touched.files, mergedSql(clauses, rows, rows.sqlOf(touched.files)), execution);
  const bytes = rows.files.reduce((sum, { fileSizeInBytes }) => sum + fileSizeInBytes, 0);
  return { type: 'DML', subtype: 'MERGE', updateCount, scannedBytes: bytes + relations.scannedBytes() };
}

function readTarget(node: unknown): { table: unknown; alias: string | undefined } {
  const { table } = withAlias(node) as { table?: Node };
  if (!table) throw new QueryError('NOT_SUPPORTED', `MERGE INTO ${open(node)[0]}`);
  return { table: { ...table, alias: null }, alias: table.alias ? nameOf(table.alias) : undefined };
}

/** The parser puts the alias of a table around it here, and inside it in FROM. */
function withAlias(node: unknown): Node {
  const [kind, fields] = open(node);
  if (kind !== 'alias') return node as Node;
  const [inner, innerFields] = open(fields.this);
  return { [inner]: { ...innerFields, alias: fields.alias } };
}

function whensOf(fields: Node): readonly Node[] {
  const { whens } = fields.whens as { whens: { expressions: readonly { when: Node }[] } };
  return whens.expressions.map(({ when }) => when);
}

function readClause(when: Node, rows: TargetRows, both: Environment, sourceOnly: Environment): Clause {
  expectOnly('MERGE clause', when, ['matched', 'condition', 'then']);
  const matched = (when.matched as { boolean: { value?: boolean } }).boolean.value === true;
  const environment = matched ? both : sourceOnly;
  const extra = when.condition ? ` AND ${translateCondition(when.condition, environment, 'MERGE condition')}` : '';
  const condition = `target.row IS ${matched ? 'NOT ' : ''}NULL${extra}`;
  const [word, ...parts] = actionParts(when.then);
  if (matched && word === 'DELETE') return { act: 'delete', condition, values: [] };
  if (matched && word === 'UPDATE') return { act: 'update', condition, values: updateValues(parts[0], rows, both) };
  if (!matched && word === 'INSERT') return { act: 'insert', condition, values: insertValues(parts, rows, sourceOnly) };
  throw new QueryError('NOT_SUPPORTED', `WHEN ${matched ? '' : 'NOT '}MATCHED THEN ${word}`);
}

function actionParts(then: unknown): readonly [string, ...unknown[]] {
  const [kind, fields] = open(then);
  if (kind === 'var') return [String(fields.this)];
  const [verb, ...parts] = list(fields.expressions);
  return [String(open(verb)[1].this), ...parts];
}

function updateValues(assignments: unknown, rows: TargetRows, environment: Environment): string[] {
  const pairs = tupleOf(assignments).map((assignment): Assignment => {
    const [kind, { left, right }] = open(assignment);
    if (kind !== 'eq') throw new QueryError('SYNTAX_ERROR', 'mismatched input: UPDATE SET takes assignments');
    return [identifierOf(left), right];
  });
  const assigned = readAssignments(pairs, rows, environment);
  return rows.columns.map(({ name }, index) => assigned.get(name) ?? `target.c${index}`);
}

function insertValues(parts: readonly unknown[], rows: TargetRows, environment: Environment): string[] {
  const [names, values] =
    parts.length === 2 ? [tupleOf(parts[0]).map(identifierOf), tupleOf(parts[1])] : [undefined, tupleOf(parts[0])];
  const columns = names ?? rows.columns.map(({ name }) => ({ name }));
  if (columns.length !== values.length) {
    throw new QueryError('TYPE_MISMATCH', `MERGE insert has ${columns.length} columns and ${values.length} values`);
  }
  const assigned = readAssignments(
    columns.map((column, index): Assignment => [column, values[index]]),
    rows,
    environment,
  );
  return rows.columns.map(({ name, type }) => assigned.get(name) ?? `CAST(NULL AS ${duckType(type)})`);
}

function tupleOf(node: unknown): readonly unknown[] {
  const [kind, fields] = open(node);
  return kind === 'tuple' ? list(fields.expressions) : [kind === 'paren' ? fields.this : node];
}

function identifierOf(node: unknown): unknown {
  const [kind, fields] = open(node);
  if (kind === 'identifier') return fields;
  if (kind === 'column' && !fields.table) return fields.name;
  throw new QueryError('SYNTAX_ERROR', 'mismatched input: a column of the target is named without a table');
}

function pairsSql(clauses: readonly Clause[], { columns }: TargetRows, join: string): string {
  const chosen = clauses.map(({ condition }, index) => `WHEN ${condition} THEN ${index}`);
  const values = columns.map(({ type }, column) => {
    const cases = clauses.flatMap(({ values, condition }) => `WHEN ${condition} THEN ${values[column] ?? 'NULL'}`);
    return `CAST(CASE ${cases.join(' ')} END AS ${duckType(type)}) AS v${column}`;
  });
  return `CREATE TEMP TABLE pairs AS SELECT * FROM (SELECT target.file AS file, target.row AS row, CASE ${chosen.join(' ')} END AS clause, ${values.join(', ')} FROM ${join}) WHERE clause IS NOT NULL`;
}

async function refuseRepeatedMatches({ connection }: Execution): Promise<void> {
  const repeated = await readRows(
    connection,
    `SELECT '' FROM pairs WHERE row IS NOT NULL GROUP BY file, row HAVING count(*) > 1 LIMIT 1`,
  );
  if (repeated.length === 0) return;
  throw new QueryError(
    'MERGE_TARGET_ROW_MULTIPLE_MATCHES',
    'One MERGE target table row matched more than one source row',
  );
}

/** The rows that stand in place of the touched files: those not deleted, with their new values, and the inserted ones. */
function mergedSql(clauses: readonly Clause[], { columns }: TargetRows, touched: string): string {
  const values = columns.map(
    (_, index) => `CASE WHEN pair.row IS NULL THEN target.c${index} ELSE pair.v${index} END AS c${index}`,
  );
  const deletes = clauses.flatMap(({ act }, index) => (act === 'delete' ? [index] : []));
  const kept = deletes.length ? ` WHERE pair.clause IS NULL OR pair.clause NOT IN (${deletes.join(', ')})` : '';
  const inserted = columns.map((_, index) => `v${index}`);
  return `SELECT ${values.join(', ')} FROM ${touched} LEFT JOIN pairs AS pair ON pair.file = target.file AND pair.row = target.row${kept}
UNION ALL SELECT ${inserted.join(', ')} FROM pairs WHERE row IS NULL`;
}
