import { loadRelations, type Relations } from '../sources/relations.ts';
import { refuseUnknownFunctions } from '../sql/function-names.ts';
import type { Node } from '../sql/parser.ts';
import type { Statement } from '../sql/statement.ts';
import type { Execution } from './execution.ts';

/**
 * Loads the tables that a tree names and gives what its translation needs to know.
 *
 * @param statementTree the tree of the whole statement, @default - the same
 */
export async function prepareTranslation(
  tree: Node,
  execution: Execution,
  statementTree: Node = tree,
): Promise<{ statement: Statement; relations: Relations }> {
  const { sql, parser, database, nowMs } = execution;
  const tokens = parser.tokenize(sql, 'query');
  refuseUnknownFunctions(sql, statementTree, tokens);
  const relations = await loadRelations(tree, execution);
  let aliases = 0;
  const statement: Statement = {
    sql,
    tokens,
    database,
    nowMs,
    relation: relations.relation,
    alias: () => `r${aliases++}`,
  };
  return { statement, relations };
}
