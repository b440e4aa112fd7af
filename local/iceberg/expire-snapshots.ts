import { commit } from './commit.ts';
import { readLiveEntries, readManifestList } from './read-manifests.ts';
import { loadTable, type Table } from './table.ts';
import { currentSnapshot, type Snapshot, type TableMetadata } from './table-metadata.ts';

/** Which snapshots may go. */
export interface Retention {
  /** Snapshots committed before this instant (epoch milliseconds of domain time) go. */
  readonly olderThan: number;
  /** The newest ones that stay whatever their age, at least 1: the current one always stays. */
  readonly keepLast: number;
}

/**
 * Forgets old snapshots, then removes the files that only they read (VACUUM).
 *
 * Nothing to forget, no commit. What a crash after the commit leaves behind goes with `removeOrphanFiles`.
 *
 * @throws {CommitConflictError}
 */
export async function expireSnapshots(table: Table, retention: Retention): Promise<Table> {
  const expired = findExpired(table.metadata, retention);
  if (expired.length === 0) return table;
  const next = await commit(table, withoutSnapshots(table.metadata, expired));
  const [before, after] = [await listReferenced(table), await listReferenced(next)];
  for (const uri of before) if (!after.has(uri)) await table.store.folder.remove(uri);
  return next;
}

/**
 * Removes files below the location that no snapshot of the latest state reads, and metadata files that are out of its log: what
 * failed or interrupted writers left (VACUUM, after `expireSnapshots`).
 *
 * @param modifiedBeforeMs real time (of the file system, whatever the domain clock says): younger files stay, as a statement that still runs may be about to commit them
 * @returns the addresses that were removed
 */
export async function removeOrphanFiles(table: Table, modifiedBeforeMs: number): Promise<string[]> {
  const { store, location } = table;
  const objects = await store.folder.list(location);
  // Loaded after the listing: a file that was committed in between is one that the latest state reads.
  const referenced = await listReferenced(await loadTable(store, location));
  const orphans = objects.filter(({ uri, modifiedMs }) => !referenced.has(uri) && modifiedMs < modifiedBeforeMs);
  for (const { uri } of orphans) await store.folder.remove(uri);
  await store.folder.removeStrays(location, modifiedBeforeMs);
  return orphans.map(({ uri }) => uri);
}

function findExpired(metadata: TableMetadata, { olderThan, keepLast }: Retention): Snapshot[] {
  const newestFirst = metadata.snapshots.toSorted((a, b) => b['sequence-number'] - a['sequence-number']);
  const current = currentSnapshot(metadata);
  return newestFirst
    .slice(Math.max(1, keepLast))
    .filter(snapshot => snapshot !== current && snapshot['timestamp-ms'] < olderThan);
}

function withoutSnapshots(metadata: TableMetadata, expired: readonly Snapshot[]): TableMetadata {
  const gone = new Set(expired.map(({ 'snapshot-id': id }) => id));
  // A log with a gap would answer "as of" an instant with the snapshot before the gap: what lies before the last gap goes too.
  const lastGap = metadata['snapshot-log'].findLastIndex(({ 'snapshot-id': id }) => gone.has(id));
  return {
    ...metadata,
    snapshots: metadata.snapshots.filter(({ 'snapshot-id': id }) => !gone.has(id)),
    'snapshot-log': metadata['snapshot-log'].slice(lastGap + 1),
  };
}

/** Every object that a state of the table needs: data files, manifests, lists, and the metadata files of its log. */
async function listReferenced({ store, location, metadata, metadataUri }: Table): Promise<Set<string>> {
  const lists = await Promise.all(metadata.snapshots.map(snapshot => readManifestList(store.folder, snapshot)));
  const manifests = [...new Map(lists.flat().map(manifest => [manifest.uri, manifest])).values()];
  const entries = await Promise.all(manifests.map(manifest => readLiveEntries(store.folder, manifest)));
  return new Set([
    `${location}/metadata/version-hint.text`,
    metadataUri,
    ...metadata['metadata-log'].map(entry => entry['metadata-file']),
    ...metadata.snapshots.map(snapshot => snapshot['manifest-list']),
    ...manifests.map(({ uri }) => uri),
    ...entries.flat().map(({ file }) => file.uri),
  ]);
}
