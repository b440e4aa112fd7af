import type { DataFile } from './data-file.ts';
import type { Snapshot } from './table-metadata.ts';

/** Counts for a snapshot's summary: what was added and deleted, and the totals after it. Zero counts of a change are left out. */
export function summarizeSnapshot(
  parent: Snapshot | undefined,
  deleted: readonly DataFile[],
  added: readonly DataFile[],
): Record<string, string> {
  const change = {
    'added-data-files': added.length,
    'added-records': sum(added, 'recordCount'),
    'added-files-size': sum(added, 'fileSizeInBytes'),
    'deleted-data-files': deleted.length,
    'deleted-records': sum(deleted, 'recordCount'),
    'removed-files-size': sum(deleted, 'fileSizeInBytes'),
    'changed-partition-count': new Set([...deleted, ...added].map(partitionKey)).size,
  };
  const before = (name: string) => Number(parent?.summary[name] ?? 0);
  const totals = {
    'total-data-files': before('total-data-files') + change['added-data-files'] - change['deleted-data-files'],
    'total-records': before('total-records') + change['added-records'] - change['deleted-records'],
    'total-files-size': before('total-files-size') + change['added-files-size'] - change['removed-files-size'],
    'total-delete-files': 0,
    'total-position-deletes': 0,
    'total-equality-deletes': 0,
  };
  const counts = [...Object.entries(change).filter(([, count]) => count > 0), ...Object.entries(totals)];
  return Object.fromEntries(counts.map(([name, count]) => [name, `${count}`]));
}

function sum(files: readonly DataFile[], field: 'recordCount' | 'fileSizeInBytes'): number {
  return files.reduce((total, file) => total + file[field], 0);
}

function partitionKey({ partition }: DataFile): string {
  return JSON.stringify(Object.values(partition).map(value => [typeof value, `${value}`]));
}
