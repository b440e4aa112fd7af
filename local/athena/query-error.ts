/** Thrown when a statement fails as Athena would fail it; the message is the query's `StateChangeReason`. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** Athena's word for what went wrong, for instance `COLUMN_NOT_FOUND`. */
  readonly code: string;

  constructor(code: string, detail: string, position?: Position) {
    super(`${code}: ${position ? `line ${position.line}:${position.column}: ` : ''}${detail}`);
    this.code = code;
  }
}

/** Where in the statement's text something stands; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
