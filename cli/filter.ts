/** What a field may be compared with. */
export type FilterValue = number | string | boolean | null;

/** A parsed filter expression. */
export type Filter =
  | { readonly kind: 'comparison'; readonly field: string; readonly operator: Operator; readonly value: FilterValue }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly [Filter, Filter, ...Filter[]] }
  | { readonly kind: 'not'; readonly term: Filter };

const operators = ['<=', '>=', '!=', '=', '<', '>'] as const;
export type Operator = (typeof operators)[number];

/** Thrown when a text is no filter expression; says where and what is expected there. */
export class InvalidFilterError extends Error {
  override readonly name = 'InvalidFilterError';

  constructor(text: string, position: number, expected: string) {
    const found = position < text.length ? `"${text.slice(position, position + 20)}"` : 'the end';
    super(`Cannot read the filter at character ${position + 1}: got ${found}, expected ${expected}`);
  }
}

/**
 * Reads a filter expression: comparisons of fields with numbers, "texts", true, false and null, joined by `not`, `and`, `or` (that bind in this order)
 * and parentheses. For instance `metrics.roc_auc > 0.8 and params.algorithm = "gradient-boosting"`.
 *
 * @throws {InvalidFilterError}
 */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text);
  const filter = readTerms(reader, 'or');
  if (!reader.isAtEnd) reader.refuse('"and", "or" or the end');
  return filter;
}

/** Names of the fields that a filter compares. */
export function filterFields(filter: Filter): string[] {
  if (filter.kind === 'comparison') return [filter.field];
  return (filter.kind === 'not' ? [filter.term] : filter.terms).flatMap(filterFields);
}

/** Whether fields satisfy a filter. A field that is not there is null; values of two kinds are unequal, and neither is above the other. */
export function matches(filter: Filter, fields: Readonly<Record<string, FilterValue | undefined>>): boolean {
  switch (filter.kind) {
    case 'comparison':
      return compare(fields[filter.field] ?? null, filter.operator, filter.value);
    case 'not':
      return !matches(filter.term, fields);
    case 'and':
      return filter.terms.every(term => matches(term, fields));
    case 'or':
      return filter.terms.some(term => matches(term, fields));
  }
}

function compare(left: FilterValue, operator: Operator, right: FilterValue): boolean {
  if (operator === '=') return left === right;
  if (operator === '!=') return left !== right;
  if (left === null || right === null || typeof left !== typeof right) return false;
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

/** `and` binds closer than `or`. */
function readTerms(reader: Reader, kind: 'or' | 'and'): Filter {
  const readTerm = () => (kind === 'or' ? readTerms(reader, 'and') : readFactor(reader));
  const terms = [readTerm()];
  while (reader.takeWord(kind)) terms.push(readTerm());
  const [first, second, ...others] = terms;
  return second ? { kind, terms: [first!, second, ...others] } : first!;
}

function readFactor(reader: Reader): Filter {
  if (reader.takeWord('not')) return { kind: 'not', term: readFactor(reader) };
  if (!reader.take('(')) return readComparison(reader);
  const inner = readTerms(reader, 'or');
  if (!reader.take(')')) reader.refuse('")"');
  return inner;
}

function readComparison(reader: Reader): Filter {
  const field =
    reader.match(/[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*/y) ?? reader.refuse('a field such as metrics.roc_auc');
  const operator = operators.find(operator => reader.take(operator)) ?? reader.refuse(operators.join(', '));
  return { kind: 'comparison', field, operator, value: readValue(reader) };
}

const words: Readonly<Record<string, FilterValue>> = { true: true, false: false, null: null };

function readValue(reader: Reader): FilterValue {
  const number = reader.match(/[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?(?![\w.])/y);
  if (number !== undefined) return Number(number);
  const quoted = reader.match(/"(?:[^"\\]|\\.)*"/y);
  if (quoted !== undefined) return quoted.slice(1, -1).replaceAll(/\\(.)/gs, '$1');
  const word = Object.keys(words).find(word => reader.takeWord(word));
  return word === undefined ? reader.refuse('a number, a "text", true, false or null') : words[word]!;
}

/** Goes through a text; blanks before what is read are passed over. */
class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#passBlanks();
  }

  get isAtEnd(): boolean {
    return this.#position === this.#text.length;
  }

  /** Takes these characters, if they come next. */
  take(characters: string): boolean {
    const isNext = this.#text.startsWith(characters, this.#position);
    if (isNext) this.#advance(characters.length);
    return isNext;
  }

  /** Takes a whole word in any case, if it comes next. */
  takeWord(word: string): boolean {
    return this.match(new RegExp(`${word}(?![\\w.-])`, 'iy')) !== undefined;
  }

  /** Takes what a sticky pattern matches here. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#advance(found.length);
    return found;
  }

  refuse(expected: string): never {
    throw new InvalidFilterError(this.#text, this.#position, expected);
  }

  #advance(length: number): void {
    this.#position += length;
    this.#passBlanks();
  }

  #passBlanks(): void {
    while (/\s/.test(this.#text[this.#position] ?? '')) this.#position += 1;
  }
}
