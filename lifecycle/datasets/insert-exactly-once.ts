import { type Athena, QueryFailedError, requestToken } from '../../platform/athena.ts';
import { sqlName } from './sql-literal.ts';

/** How far an INSERT is; kept where it survives whoever started it. */
export interface InsertProgress {
  /** 1, 2 …: how often it was started from the first on; 0 before. */
  readonly attempt: number;
  /** Query ids of this attempt's statements, as far as they were started. */
  readonly queryIds: readonly string[];
}

export interface InsertExactlyOnceOptions<Progress extends InsertProgress> {
  readonly athena: Athena;
  readonly table: string;
  /** SQL condition that holds for the rows to be inserted and for no others. */
  readonly where: string;
  /** What the rows are, for messages. */
  readonly rows: string;
  /** How many rows there are. */
  readonly expected: number;
  /** Together they insert the rows. */
  readonly statements: readonly string[];
  /** What tells this INSERT from others of the same words. */
  readonly token: readonly (string | number)[];
  readonly progress: Progress;
  /** Keeps the progress. @throws when someone else has taken over */
  readonly save: (progress: Progress) => Promise<Progress>;
}

/** INSERTs that are started within one call before its error is let through. */
const maxAttempts = 3;

/**
 * Brings rows into an Iceberg table, whatever an earlier call that died has left: what it started is waited for, and counted. All rows there: done.
 * None: the next attempt. Some: they are deleted before it.
 *
 * @throws {QueryFailedError} when attempt after attempt fails
 * @throws {WrongRowCountError}
 */
export async function insertExactlyOnce<Progress extends InsertProgress>({
  athena,
  table,
  where,
  rows,
  expected,
  statements,
  token,
  progress,
  save,
}: InsertExactlyOnceOptions<Progress>): Promise<Progress> {
  let current = progress;
  for (let attempts = 0; ; attempts++) {
    const failure = current.attempt > 0 ? await awaitAttempt() : undefined;
    const present = current.attempt > 0 ? await count() : 0;
    if (present === expected) return current;
    if (attempts >= maxAttempts) throw failure ?? new WrongRowCountError(rows, present, expected);
    if (present > 0) await athena.execute(`DELETE FROM ${sqlName(table)} WHERE ${where}`);
    current = await save({ ...current, attempt: current.attempt + 1, queryIds: [] });
  }

  /** Starts the statements of an attempt, or finds those that run already, and waits until they end. */
  async function awaitAttempt(): Promise<QueryFailedError | undefined> {
    for (const [index, sql] of statements.entries()) {
      const attemptToken = requestToken(...token, current.attempt, index, sql);
      const queryId = current.queryIds[index] ?? (await athena.start(sql, { token: attemptToken }));
      if (!current.queryIds[index]) current = await save({ ...current, queryIds: [...current.queryIds, queryId] });
      const ended = await athena.end(queryId);
      if (ended.state !== 'SUCCEEDED') return new QueryFailedError(ended, sql);
    }
    return undefined;
  }

  async function count(): Promise<number> {
    const [row] = await athena.query(`SELECT count(*) AS present FROM ${sqlName(table)} WHERE ${where}`);
    return Number(row!.present);
  }
}

/** Thrown when INSERTs succeed, yet the table does not have their rows. */
export class WrongRowCountError extends Error {
  override readonly name = 'WrongRowCountError';

  constructor(rows: string, present: number, expected: number) {
    super(`${rows} has ${present} rows in the table after its INSERT, expected ${expected}`);
  }
}
