import type { DataFile } from './data-file.ts';
import type { Table } from './table.ts';

/** What a statement did to the files of a table. */
export interface FileChange {
  /** Addresses of live data files that the next snapshot reads no longer. */
  readonly deleted: readonly string[];
  /** New data files, written already. */
  readonly added: readonly DataFile[];
}

/** Entries for the snapshot's summary beyond the counts, for instance the id of the query. */
export type SummaryEntries = Readonly<Record<string, string>>;

/**
 * Commits new files (INSERT). No files, no commit: the table is returned as it is.
 *
 * @throws {CommitConflictError} when another commit came first; the files are still there to try again on the table loaded anew
 * @throws {InvalidDataFileError}
 */
export function appendFiles(_table: Table, _files: readonly DataFile[], _summary: SummaryEntries = {}): Promise<Table> {
  throw new Error('not built yet');
}

/**
 * Commits rewritten files (MERGE, UPDATE, DELETE): operation `overwrite`, or `delete` when nothing is added. No change, no commit.
 *
 * @throws {CommitConflictError}
 * @throws {InvalidDataFileError} also when a deleted file is not live
 */
export function overwriteFiles(_table: Table, _change: FileChange, _summary: SummaryEntries = {}): Promise<Table> {
  throw new Error('not built yet');
}

/**
 * Commits the same rows in other files (OPTIMIZE): operation `replace`. No change, no commit.
 *
 * @throws {CommitConflictError}
 * @throws {InvalidDataFileError} also when the numbers of rows differ
 */
export function replaceFiles(_table: Table, _change: FileChange, _summary: SummaryEntries = {}): Promise<Table> {
  throw new Error('not built yet');
}
