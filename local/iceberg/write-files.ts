import { commitFiles } from './commit-files.ts';
import type { DataFile, FileChange, SummaryEntries } from './data-file.ts';
import type { Table } from './table.ts';

/**
 * Commits new files (INSERT). No files, no commit: the table is returned as it is.
 *
 * @throws {CommitConflictError} when another commit came first; the files are still there to try again on the table loaded anew
 * @throws {InvalidDataFileError}
 */
export function appendFiles(table: Table, files: readonly DataFile[], summary: SummaryEntries = {}): Promise<Table> {
  return commitFiles(table, 'append', { deleted: [], added: files }, summary);
}

/**
 * Commits rewritten files (MERGE, UPDATE, DELETE): operation `overwrite`, or `delete` when nothing is added. No change, no commit.
 *
 * @throws {CommitConflictError}
 * @throws {InvalidDataFileError} also when a deleted file is not live
 */
export function overwriteFiles(table: Table, change: FileChange, summary: SummaryEntries = {}): Promise<Table> {
  return commitFiles(table, change.added.length === 0 ? 'delete' : 'overwrite', change, summary);
}

/**
 * Commits the same rows in other files (OPTIMIZE): operation `replace`. No change, no commit.
 *
 * @throws {CommitConflictError}
 * @throws {InvalidDataFileError} also when the numbers of rows differ
 */
export function replaceFiles(table: Table, change: FileChange, summary: SummaryEntries = {}): Promise<Table> {
  return commitFiles(table, 'replace', change, summary);
}
