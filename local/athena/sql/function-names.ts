import { overloadsOf } from '../functions/registry.ts';
import { QueryError } from '../query-error.ts';
import { lineColumn, type Node, type Token } from './parser.ts';

/** Words before a parenthesis that are no functions of the registry: keywords, types, and what has a translation of its own. */
const otherWords = new Set(
  `all and any array as between by case cast cube date decimal distinct else escape except exists extract filter from group having if in
  insert intersect into join lateral like limit map merge not offset on or order over position rollup row select set sets some then time timestamp try
  try_cast typeof union unload unnest using values varchar when where with within`.split(/\s+/),
);

/**
 * Refuses functions that Trino lacks, by the words of the statement: the parser takes other dialects' names (`len`, `ifnull`) for the same node,
 * so that its tree no longer tells them from Trino's.
 *
 * @throws {QueryError} `FUNCTION_NOT_FOUND`
 */
export function refuseUnknownFunctions(sql: string, tree: Node, tokens: readonly Token[]): void {
  const names = new Set<string>();
  collectNames(tree, names);
  for (const [index, token] of tokens.entries()) {
    const word = token.text.toLowerCase();
    if (
      tokens[index + 1]?.token_type !== 'L_PAREN' ||
      token.token_type === 'QUOTED_IDENTIFIER' ||
      token.token_type === 'STRING' ||
      !/^[a-z_]\w*$/.test(word)
    )
      continue;
    if (otherWords.has(word) || names.has(word) || overloadsOf(word).length > 0) continue;
    throw new QueryError('FUNCTION_NOT_FOUND', `Function '${word}' not registered`, lineColumn(sql, token.span.start));
  }
}

/** Names of tables, aliases and windows, behind which a list of columns may stand. */
function collectNames(value: unknown, names: Set<string>): void {
  if (!value || typeof value !== 'object') return;
  const { alias, table } = value as { alias?: { name?: unknown } | null; table?: { name?: { name?: unknown } } | null };
  for (const name of [alias?.name, table?.name?.name]) if (typeof name === 'string') names.add(name.toLowerCase());
  for (const inner of Object.values(value)) collectNames(inner, names);
}
