import { QueryError } from '../query-error.ts';
import { lineColumn, type Token } from '../sql/parser.ts';

/** Reads a statement's tokens from left to right, by the words it expects. */
export class TokenReader {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(sql: string, tokens: readonly Token[]) {
    this.#sql = sql;
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** Offset of the next token, or the end of the text. */
  get offset(): number {
    return this.#tokens[this.#next]?.span.start ?? this.#sql.length;
  }

  /** Takes the words if all of them come next. */
  accept(...words: readonly string[]): boolean {
    const come = words.every((word, index) => this.#isWord(this.#tokens[this.#next + index], word));
    if (come) this.#next += words.length;
    return come;
  }

  /** Takes the words. @throws {QueryError} `SYNTAX_ERROR` */
  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.error(`Expecting: '${word}'`);
  }

  /** Takes a name, quoted or not, in lower case. */
  name(): string {
    const token = this.#tokens[this.#next];
    const isName = token && (token.token_type === 'QUOTED_IDENTIFIER' || /^[A-Za-z_]\w*$/.test(this.#written(token)));
    if (!isName) throw this.error('Expecting: <identifier>');
    this.#next += 1;
    return token.text.toLowerCase();
  }

  text(): string {
    const token = this.#tokens[this.#next];
    if (token?.token_type !== 'STRING') throw this.error('Expecting: <string>');
    this.#next += 1;
    return token.text;
  }

  /** Takes tokens up to one of the closing words on the same level of parentheses and brackets, and returns them as written. */
  until(...closing: readonly string[]): string {
    const start = this.offset;
    // Types, which end at a comma, have angle brackets; elsewhere these compare.
    const [opening, ending] = closing.includes(',') ? ['(<', ')>'] : ['(', ')'];
    let end = start;
    for (let depth = 0; !this.isAtEnd; this.#next += 1) {
      const token = this.#tokens[this.#next]!;
      if (depth === 0 && closing.some(word => this.#isWord(token, word))) break;
      const written = this.#written(token);
      if (opening.includes(written)) depth += 1;
      if (ending.includes(written)) depth -= 1;
      end = token.span.end;
    }
    return this.#sql.slice(start, end);
  }

  end(): void {
    if (!this.isAtEnd) throw this.error('Expecting: <EOF>');
  }

  error(expecting: string): QueryError {
    const token = this.#tokens[this.#next];
    const got = token ? this.#written(token) : '<EOF>';
    return new QueryError(
      'SYNTAX_ERROR',
      `mismatched input '${got}'. ${expecting}`,
      lineColumn(this.#sql, this.offset),
    );
  }

  #isWord(token: Token | undefined, word: string): boolean {
    return token !== undefined && this.#written(token).toLowerCase() === word.toLowerCase();
  }

  #written({ span }: Token): string {
    return this.#sql.slice(span.start, span.end);
  }
}
