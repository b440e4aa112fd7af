import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Dialect } from '@polyglot-sql/sdk';
import { QueryError } from '../query-error.ts';

/** A node of the parser's tree: one key, its kind, that holds its fields. */
export type Node = Readonly<Record<string, unknown>>;

/** A token of a statement. Of a quoted text or name, `text` is what stands between the quotes, unescaped. */
export interface Token {
  readonly token_type: string;
  readonly text: string;
  /** Offsets into the statement, `[start, end)`. */
  readonly span: { readonly start: number; readonly end: number };
}

export interface Parser {
  /** Parses one query, INSERT, UPDATE, DELETE or MERGE. @throws {QueryError} `SYNTAX_ERROR` */
  parse(sql: string): Node;
  /** Splits a statement. DDL quotes names by backticks, queries by double quotes. @throws {QueryError} `SYNTAX_ERROR` */
  tokenize(sql: string, grammar: 'ddl' | 'query'): Token[];
}

/** The package's entry that leaves it to its user when its WebAssembly is loaded. Its own types name neither the functions nor that the bytes will do for their address. */
type Sdk = Pick<typeof import('@polyglot-sql/sdk'), 'parse' | 'tokenize'> & {
  isInitialized(): boolean;
  init(options: { wasmUrl: Uint8Array }): Promise<void>;
};

/** Loads the parser, the first time: 20 MB of WebAssembly, which are read and compiled off this thread. */
export async function loadParser(): Promise<Parser> {
  const sdk = (await import('@polyglot-sql/sdk/manual')) as unknown as Sdk;
  const file = createRequire(import.meta.url).resolve('@polyglot-sql/sdk/polyglot_sql.wasm');
  if (!sdk.isInitialized()) await sdk.init({ wasmUrl: await readFile(file) });
  const dialects = { ddl: 'athena' as Dialect, query: 'trino' as Dialect };

  function tokenize(sql: string, grammar: 'ddl' | 'query'): Token[] {
    const { success, tokens, error } = sdk.tokenize(sql, dialects[grammar]);
    if (!success || !tokens) throw syntaxError(error);
    return inUtf16(sql, tokens as unknown as Token[]);
  }

  return {
    tokenize,
    parse(sql) {
      const { success, ast, error, errorLine, errorStart } = sdk.parse(sql, dialects.query);
      if (!success) throw syntaxError(error, errorLine === undefined ? undefined : lineColumn(sql, errorStart ?? 0));
      const statements = ast as unknown as Node[];
      if (statements.length !== 1) {
        throw syntaxError(statements.length ? 'Only one sql statement is allowed' : 'The statement is empty');
      }
      refuseLostWords(sql, statements[0]!, tokenize(sql, 'query'));
      return statements[0]!;
    },
  };
}

/** The parser counts code points, JavaScript counts UTF-16 units: behind an emoji they differ. */
function inUtf16(sql: string, tokens: Token[]): Token[] {
  const codePoints = [...sql];
  if (codePoints.length === sql.length) return tokens;
  const offsets = [0];
  for (const codePoint of codePoints) offsets.push(offsets.at(-1)! + codePoint.length);
  return tokens.map(token => ({
    ...token,
    span: { start: offsets[token.span.start]!, end: offsets[token.span.end]! },
  }));
}

/** Line and column, from 1, of an offset into the text. */
export function lineColumn(sql: string, offset: number) {
  const before = sql.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

function syntaxError(detail = 'mismatched input', position?: { line: number; column: number }): QueryError {
  return new QueryError('SYNTAX_ERROR', detail.replace(/^Parse error at line \d+, column \d+: /, ''), position);
}

/** The parser skips what it has no field for (a version behind a subquery …). Every name and literal written must be in the tree. */
function refuseLostWords(sql: string, tree: Node, tokens: readonly Token[]): void {
  const kept = new Map<string, number>();
  countWords(tree, kept);
  for (const { token_type: kind, text, span } of tokens) {
    if (kind !== 'STRING' && kind !== 'NUMBER' && kind !== 'QUOTED_IDENTIFIER' && kind !== 'HEX_STRING') continue;
    const left = kept.get(text) ?? 0;
    if (left === 0) throw syntaxError(`mismatched input '${text}'`, lineColumn(sql, span.start));
    kept.set(text, left - 1);
  }
  const split = tokens.find(({ token_type: kind, span }, index) => {
    const next = tokens[index + 1];
    return kind === 'QUOTED_IDENTIFIER' && next?.token_type === kind && next.span.start === span.end;
  });
  // The parser takes `"""a"` for two names.
  if (split)
    throw new QueryError(
      'NOT_SUPPORTED',
      'a quote at the beginning of a quoted name',
      lineColumn(sql, split.span.start),
    );
  const misplaced = tokens.find((token, index) => isWord(token, 'offset') && isAfterLimit(tokens, index));
  if (misplaced)
    throw syntaxError(`mismatched input 'OFFSET'. Expecting: <EOF>`, lineColumn(sql, misplaced.span.start));
}

function isAfterLimit(tokens: readonly Token[], index: number): boolean {
  return tokens[index + 1]?.token_type === 'NUMBER' && isWord(tokens[index - 2], 'limit');
}

function isWord(token: Token | undefined, word: string): boolean {
  return (
    token?.text.toLowerCase() === word && token.token_type !== 'STRING' && token.token_type !== 'QUOTED_IDENTIFIER'
  );
}

function countWords(value: unknown, counts: Map<string, number>): void {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  } else if (Array.isArray(value)) {
    for (const element of value) countWords(element, counts);
  } else if (value && typeof value === 'object') {
    for (const [key, field] of Object.entries(value)) {
      if (key !== 'span' && key !== 'trailing_comments') countWords(field, counts);
    }
  }
}
