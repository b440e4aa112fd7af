import type { Table } from './table.ts';

/** Which snapshots may go. */
export interface Retention {
  /** Snapshots committed before this instant (epoch milliseconds of domain time) go. */
  readonly olderThan: number;
  /** The newest ones that stay whatever their age, at least 1: the current one always stays. */
  readonly keepLast: number;
}

/**
 * Forgets old snapshots, then removes the files that only they read, and metadata files that are out of the log (VACUUM). Nothing to forget, no commit.
 *
 * @throws {CommitConflictError}
 */
export function expireSnapshots(_table: Table, _retention: Retention): Promise<Table> {
  throw new Error('not built yet');
}

/**
 * Removes files below the location that no snapshot reads: what failed or interrupted writers left.
 *
 * @param modifiedBeforeMs real time (of the file system, whatever the domain clock says): younger files stay, as a statement that still runs may be about to commit them
 * @returns the addresses that were removed
 */
export function removeOrphanFiles(_table: Table, _modifiedBeforeMs: number): Promise<string[]> {
  throw new Error('not built yet');
}
