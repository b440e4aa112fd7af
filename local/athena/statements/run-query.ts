import { athenaString } from '../results/athena-strings.ts';
import type { Node } from '../sql/parser.ts';
import { translateQuery } from '../sql/queries.ts';
import { readRows } from './duck-sql.ts';
import type { Execution, Outcome } from './execution.ts';
import { prepareTranslation } from './translation.ts';

/** Runs SELECT and VALUES: the result is Athena's strings. */
export async function runQuery(tree: Node, execution: Execution): Promise<Outcome> {
  const { statement, relations } = await prepareTranslation(tree, execution);
  const { sql, columns } = translateQuery(tree, statement);
  const strings = columns.map(({ type }, index) => athenaString(`result.c${index}`, type));
  const rows = await readRows(execution.connection, `SELECT ${strings.join(', ')} FROM (${sql}) AS result`);
  return {
    type: 'DML',
    subtype: 'SELECT',
    result: { columns: columns.map(({ name, type }, index) => ({ name: name ?? `_col${index}`, type })), rows },
    scannedBytes: relations.scannedBytes(),
  };
}
