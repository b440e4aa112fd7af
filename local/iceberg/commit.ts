import { CommitConflictError } from './errors.ts';
import { printExactJson } from './exact-json.ts';
import { ObjectExistsError } from './object-folder.ts';
import { metadataUri, type Table, writeVersionHint } from './table.ts';
import type { TableMetadata } from './table-metadata.ts';

const metadataLogLength = 100;

/**
 * Makes a changed metadata the next version of the table. Creating its file is the commit: of several who try on the same version one succeeds.
 *
 * @throws {CommitConflictError}
 */
export async function commit(table: Table, changed: TableMetadata): Promise<Table> {
  const { store, location, version } = table;
  // A file this old that is gone was cleaned up after many commits: its next version's name is free again, and yet taken.
  if (!(await store.folder.exists(table.metadataUri))) throw new CommitConflictError(location, version);
  const metadata = nextMetadata(table, changed);
  const uri = metadataUri(location, version + 1);
  try {
    await store.folder.create(uri, printExactJson(metadata));
  } catch (error) {
    if (error instanceof ObjectExistsError) throw new CommitConflictError(location, version, { cause: error });
    throw error;
  }
  await writeVersionHint(store, location, version + 1);
  return { ...table, version: version + 1, metadataUri: uri, metadata };
}

/** The instant a commit on this table carries, in epoch milliseconds: now, but always after the last one. */
export function commitInstant({ store, metadata }: Table): number {
  return Math.max(store.now(), metadata['last-updated-ms'] + 1);
}

function nextMetadata(table: Table, changed: TableMetadata): TableMetadata {
  const before = { 'metadata-file': table.metadataUri, 'timestamp-ms': table.metadata['last-updated-ms'] };
  return {
    ...changed,
    'last-updated-ms': Math.max(changed['last-updated-ms'], commitInstant(table)),
    'metadata-log': [...changed['metadata-log'], before].slice(-metadataLogLength),
  };
}
