import type { TrinoType } from '../sql/trino-type.ts';

/**
 * One overload of a function that Trino has and the embedded Athena knows how to mean in DuckDB.
 * Functions without a signature do not exist here: DuckDB's own are never reachable from a statement.
 */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** The last parameter may be given any number of times, at least once. */
  readonly variadic?: boolean;
  readonly returns: TrinoType | ((types: readonly TrinoType[]) => TrinoType);
  /**
   * DuckDB's expression. `$1`, `$2` … are the arguments (already of the parameter's type), `$*` all of them by commas, `$now` the statement's instant. In an aggregate,
   * `$distinct` and `$order` stand inside the parentheses and `$tail` (FILTER, OVER) directly behind them.
   */
  readonly sql: string | ((args: readonly string[], types: readonly TrinoType[]) => string);
  readonly kind?: 'aggregate' | 'window';
}

/**
 * What an argument may be: a type it is coerced to; `any`; `T`, the common type of all `T` arguments; `boolean T` …;
 * `decimal`, `array` and `map` of any kind; `literal`, a string constant that the template receives as written.
 */
export type Parameter = TrinoType | 'any' | 'T' | 'decimal' | 'array' | 'map' | 'literal';

type Row = readonly [
  name: string,
  parameters: readonly Parameter[],
  returns: Signature['returns'],
  sql: Signature['sql'],
];

/** Makes signatures out of a table's rows. */
export function signatures(kind: Signature['kind'], rows: readonly Row[]): Signature[] {
  return rows.map(([name, parameters, returns, sql]) => ({ name, parameters, returns, sql, kind }));
}

/** Return type of a function that returns its (first) argument's type. */
export const sameAsFirst = (types: readonly TrinoType[]): TrinoType => types[0]!;
