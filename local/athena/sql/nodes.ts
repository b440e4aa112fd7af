import { type Position, QueryError } from '../query-error.ts';
import { lineColumn, type Node } from './parser.ts';

/** A node's kind and its fields. */
export function open(node: unknown): readonly [kind: string, fields: Node] {
  const [entry] = Object.entries(node as Node);
  if (!entry) throw new QueryError('SYNTAX_ERROR', 'mismatched input: an expression is missing');
  return [entry[0], (entry[1] ?? {}) as Node];
}

/** Fields that carry how something was written, not what it means. */
const spelling = new Set([
  'span',
  'inferred_type',
  'alias_explicit_as',
  'alias_keyword',
  'alias_first',
  'explicit_asc',
  'use_inner_keyword',
  'use_outer_keyword',
  'kind_text',
  'start_side_text',
  'end_side_text',
  'integer_spelling',
  'real_spelling',
  'from_for_syntax',
  'position_explicit',
  'sql_standard_syntax',
  'use_bracket_syntax',
  'bracket_notation',
  'name_quoted',
  'alias_quoted',
]);

/**
 * Refuses a node that holds more than what the translation reads: the parser takes the words of thirty dialects, and whatever is not read would
 * be dropped in silence.
 */
export function expectOnly(kind: string, fields: Node, known: readonly string[]): void {
  for (const [field, value] of Object.entries(fields)) {
    if (known.includes(field) || spelling.has(field) || field.endsWith('comments') || isEmpty(value)) continue;
    throw new QueryError('NOT_SUPPORTED', `${field.replaceAll('_', ' ')} of ${kind.replaceAll('_', ' ')}`);
  }
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === false ||
    value === 0 ||
    value === '' ||
    (Array.isArray(value) && !value.length)
  );
}

export interface Identifier {
  readonly name: string;
  readonly quoted?: boolean;
  readonly span?: { readonly start: number; readonly end: number };
}

export function list(value: unknown): readonly Node[] {
  return (value ?? []) as readonly Node[];
}

/** Where the first name inside a node stands. */
export function positionOf(sql: string, node: unknown): Position | undefined {
  const start = firstStart(node);
  return start === undefined ? undefined : lineColumn(sql, start);
}

function firstStart(node: unknown): number | undefined {
  if (!node || typeof node !== 'object') return undefined;
  const own = (node as { span?: { start?: number } }).span?.start;
  const starts = Object.values(node).map(firstStart);
  return [own, ...starts].reduce(
    (least, start) => (start === undefined || (least !== undefined && least <= start) ? least : start),
    undefined,
  );
}
