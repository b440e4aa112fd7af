import type { PlannedFile } from './data-file.ts';
import type { Table } from './table.ts';
import type { Snapshot } from './table-metadata.ts';

/**
 * Lists the data files that a snapshot reads, in the order they were added.
 *
 * @param snapshot @default - the current one; a table without a snapshot has no files
 */
export function planFiles(_table: Table, _snapshot?: Snapshot): Promise<PlannedFile[]> {
  throw new Error('not built yet');
}
