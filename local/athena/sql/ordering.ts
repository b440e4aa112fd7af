import { expectOnly } from './nodes.ts';
import type { Node } from './parser.ts';

/** Translates a term of ORDER BY. NULLs come last unless said otherwise, in both directions, as in Trino. */
export function orderingTerm(term: Node, translate: (expression: unknown) => string): string {
  expectOnly('order by', term, ['this', 'desc', 'nulls_first']);
  return `${translate(term.this)} ${term.desc ? 'DESC' : 'ASC'} NULLS ${term.nulls_first === true ? 'FIRST' : 'LAST'}`;
}
