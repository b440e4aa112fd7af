import { randomBytes, randomUUID } from 'node:crypto';
import { carryManifests } from './carry-manifests.ts';
import { checkDataFile } from './check-data-file.ts';
import { commit, commitInstant } from './commit.ts';
import type { DataFile, FileChange, SummaryEntries } from './data-file.ts';
import { CommitConflictError, InvalidDataFileError } from './errors.ts';
import { entryStatus } from './manifest.ts';
import { type ManifestFile, printManifestList } from './manifest-list.ts';
import { summarizeSnapshot } from './snapshot-summary.ts';
import type { Table } from './table.ts';
import { currentSnapshot, currentSpec, type Snapshot, type SnapshotOperation } from './table-metadata.ts';
import { type ManifestWriter, writeManifest } from './write-manifest.ts';

/**
 * Commits a snapshot: new manifests, the list of all manifests, then the metadata that names it.
 *
 * @throws {CommitConflictError}
 * @throws {InvalidDataFileError}
 */
export async function commitFiles(
  table: Table,
  operation: SnapshotOperation,
  { deleted, added }: FileChange,
  summary: SummaryEntries,
): Promise<Table> {
  if (deleted.length === 0 && added.length === 0) return table;
  checkDistinct(table, [...deleted, ...added.map(({ uri }) => uri)]);
  await Promise.all(added.map(file => checkDataFile(table, file)));
  const writer = newWriter(table);
  const carried = await carryManifests(writer, new Set(deleted));
  if (operation === 'replace') checkSameRows(table, carried.deleted, added);
  const manifests = [...carried.manifests, ...(await writeAdded(writer, added))];
  const parent = currentSnapshot(table.metadata);
  const snapshot: Snapshot = {
    'snapshot-id': writer.snapshotId,
    ...(parent && { 'parent-snapshot-id': parent['snapshot-id'] }),
    'sequence-number': writer.sequenceNumber,
    'timestamp-ms': commitInstant(table),
    'manifest-list': await writeList(writer, manifests, parent),
    summary: { ...summary, operation, ...summarizeSnapshot(parent, carried.deleted, added) },
    'schema-id': table.metadata['current-schema-id'],
  };
  return commitSnapshot(writer, snapshot);
}

function checkDistinct({ location }: Table, uris: readonly string[]): void {
  const seen = new Set<string>();
  for (const uri of uris) {
    if (seen.has(uri)) throw new InvalidDataFileError(`Cannot change files of "${location}": "${uri}" is given twice`);
    seen.add(uri);
  }
}

function newWriter(table: Table): ManifestWriter {
  return {
    table,
    snapshotId: newSnapshotId(),
    sequenceNumber: table.metadata['last-sequence-number'] + 1,
    commitId: randomUUID(),
    written: [],
  };
}

/** A random id in [2^61, 2^62): of the size that AWS gives, so that code which takes it for a Number fails at once. */
function newSnapshotId(): bigint {
  return (randomBytes(8).readBigUInt64BE() >> 3n) | (1n << 61n);
}

function checkSameRows({ location }: Table, deleted: readonly DataFile[], added: readonly DataFile[]): void {
  const [before, after] = [deleted, added].map(files => files.reduce((rows, { recordCount }) => rows + recordCount, 0));
  if (before !== after)
    throw new InvalidDataFileError(
      `Cannot replace files of "${location}": they had ${before} rows, the new ones have ${after}`,
    );
}

async function writeAdded(writer: ManifestWriter, files: readonly DataFile[]): Promise<ManifestFile[]> {
  if (files.length === 0) return [];
  const entries = files.map(file => ({
    status: entryStatus.added,
    snapshotId: writer.snapshotId,
    sequenceNumber: undefined,
    fileSequenceNumber: undefined,
    file,
  }));
  return [await writeManifest(writer, currentSpec(writer.table.metadata), entries)];
}

async function writeList(
  { table, snapshotId, sequenceNumber, commitId, written }: ManifestWriter,
  manifests: readonly ManifestFile[],
  parent: Snapshot | undefined,
): Promise<string> {
  const uri = `${table.location}/metadata/snap-${snapshotId}-1-${commitId}.avro`;
  written.push(uri);
  const header = { snapshotId, parentId: parent?.['snapshot-id'], sequenceNumber };
  await table.store.folder.write(uri, printManifestList(header, manifests));
  return uri;
}

async function commitSnapshot({ table, written }: ManifestWriter, snapshot: Snapshot): Promise<Table> {
  const { metadata } = table;
  const id = snapshot['snapshot-id'];
  try {
    return await commit(table, {
      ...metadata,
      'last-sequence-number': snapshot['sequence-number'],
      'last-updated-ms': snapshot['timestamp-ms'],
      'current-snapshot-id': id,
      refs: { ...metadata.refs, main: { 'snapshot-id': id, type: 'branch' } },
      snapshots: [...metadata.snapshots, snapshot],
      'snapshot-log': [...metadata['snapshot-log'], { 'snapshot-id': id, 'timestamp-ms': snapshot['timestamp-ms'] }],
    });
  } catch (error) {
    // After any other error the commit may have happened, and the files be in use.
    if (error instanceof CommitConflictError) await Promise.all(written.map(uri => table.store.folder.remove(uri)));
    throw error;
  }
}
