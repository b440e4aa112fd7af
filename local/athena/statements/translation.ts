import { loadRelations, type Relations } from '../sources/relations.ts';
import type { Node } from '../sql/parser.ts';
import type { Statement } from '../sql/statement.ts';
import type { Execution } from './execution.ts';

/** Loads the tables that a tree names and gives what its translation needs to know. */
export async function prepareTranslation(
  tree: Node,
  execution: Execution,
): Promise<{ statement: Statement; relations: Relations }> {
  const relations = await loadRelations(tree, execution);
  const { sql, parser, database, nowMs } = execution;
  let aliases = 0;
  const statement: Statement = {
    sql,
    tokens: parser.tokenize(sql, 'query'),
    database,
    nowMs,
    relation: relations.relation,
    alias: () => `r${aliases++}`,
  };
  return { statement, relations };
}
