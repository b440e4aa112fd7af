import { randomBytes, randomUUID } from 'node:crypto';
import { checkDataFile } from './check-data-file.ts';
import { commit, commitInstant } from './commit.ts';
import type { DataFile } from './data-file.ts';
import { CommitConflictError, InvalidDataFileError } from './errors.ts';
import { entryStatus, type ManifestEntry } from './manifest.ts';
import { type ManifestFile, printManifestList } from './manifest-list.ts';
import { type NumberedEntry, readLiveEntries, readManifestList } from './read-manifests.ts';
import { summarizeSnapshot } from './snapshot-summary.ts';
import type { Table } from './table.ts';
import { currentSnapshot, currentSpec, type Snapshot, type SnapshotOperation, specById } from './table-metadata.ts';
import { writeManifest } from './write-manifest.ts';

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

/** From how many manifests on a commit joins them into one. */
const manifestsToMerge = 100;

/** Who writes: the ids that its manifests carry, and where they lie. */
interface Writer {
  readonly table: Table;
  readonly snapshotId: bigint;
  readonly sequenceNumber: number;
  readonly commitId: string;
  /** Manifests and manifest list so far. */
  readonly written: string[];
}

async function commitFiles(
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
  const snapshot: Snapshot = {
    'snapshot-id': writer.snapshotId,
    ...parentOf(table),
    'sequence-number': writer.sequenceNumber,
    'timestamp-ms': commitInstant(table),
    'manifest-list': await writeList(writer, manifests),
    summary: {
      ...summary,
      operation,
      ...summarizeSnapshot(currentSnapshot(table.metadata), carried.deleted, added),
    },
    'schema-id': table.metadata['current-schema-id'],
  };
  return commitSnapshot(writer, snapshot);
}

function newWriter(table: Table): Writer {
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

/** The manifests of the current snapshot as the next one lists them: untouched where no file of theirs is deleted. */
async function carryManifests(
  writer: Writer,
  deleted: ReadonlySet<string>,
): Promise<{ manifests: ManifestFile[]; deleted: DataFile[] }> {
  const { store, location, metadata } = writer.table;
  const snapshot = currentSnapshot(metadata);
  const listed = snapshot ? await readManifestList(store.folder, snapshot) : [];
  const live = listed.filter(({ addedFiles, existingFiles }) => addedFiles + existingFiles > 0);
  const merges = live.length >= manifestsToMerge;
  const manifests: ManifestFile[] = [];
  const toMerge = new Map<number, ManifestEntry[]>();
  const removed: DataFile[] = [];
  for (const manifest of live) {
    const entries = deleted.size > 0 || merges ? await readLiveEntries(store.folder, manifest) : [];
    const gone = entries.map(({ file }) => file).filter(({ uri }) => deleted.has(uri));
    removed.push(...gone);
    const rewritten = entries.map(entry => carryEntry(entry, deleted, writer.snapshotId));
    if (merges) toMerge.set(manifest.specId, [...(toMerge.get(manifest.specId) ?? []), ...rewritten]);
    else manifests.push(gone.length > 0 ? await writeEntries(writer, manifest.specId, rewritten) : manifest);
  }
  for (const [specId, entries] of toMerge) manifests.push(await writeEntries(writer, specId, entries));
  const missing = [...deleted].find(uri => !removed.some(file => file.uri === uri));
  if (missing)
    throw new InvalidDataFileError(`Cannot delete "${missing}" from "${location}": the table does not read it`);
  return { manifests, deleted: removed };
}

function carryEntry(entry: NumberedEntry, deleted: ReadonlySet<string>, snapshotId: bigint): ManifestEntry {
  return deleted.has(entry.file.uri)
    ? { ...entry, status: entryStatus.deleted, snapshotId }
    : { ...entry, status: entryStatus.existing };
}

async function writeAdded(writer: Writer, files: readonly DataFile[]): Promise<ManifestFile[]> {
  if (files.length === 0) return [];
  const entries = files.map(file => ({
    status: entryStatus.added,
    snapshotId: writer.snapshotId,
    sequenceNumber: undefined,
    fileSequenceNumber: undefined,
    file,
  }));
  return [await writeEntries(writer, currentSpec(writer.table.metadata)['spec-id'], entries)];
}

function writeEntries(writer: Writer, specId: number, entries: readonly ManifestEntry[]): Promise<ManifestFile> {
  const { table, commitId, written } = writer;
  const uri = `${table.location}/metadata/${commitId}-m${written.length}.avro`;
  written.push(uri);
  return writeManifest(table, specById(table.metadata, specId), entries, { ...writer, uri });
}

async function writeList(writer: Writer, manifests: readonly ManifestFile[]): Promise<string> {
  const { table, snapshotId, sequenceNumber, commitId, written } = writer;
  const uri = `${table.location}/metadata/snap-${snapshotId}-1-${commitId}.avro`;
  written.push(uri);
  const parentId = parentOf(table)['parent-snapshot-id'];
  await table.store.folder.write(uri, printManifestList({ snapshotId, parentId, sequenceNumber }, manifests));
  return uri;
}

async function commitSnapshot({ table, written }: Writer, snapshot: Snapshot): Promise<Table> {
  const { metadata } = table;
  const entry = { 'snapshot-id': snapshot['snapshot-id'], 'timestamp-ms': snapshot['timestamp-ms'] };
  try {
    return await commit(table, {
      ...metadata,
      'last-sequence-number': snapshot['sequence-number'],
      'last-updated-ms': snapshot['timestamp-ms'],
      'current-snapshot-id': snapshot['snapshot-id'],
      refs: { ...metadata.refs, main: { 'snapshot-id': snapshot['snapshot-id'], type: 'branch' } },
      snapshots: [...metadata.snapshots, snapshot],
      'snapshot-log': [...metadata['snapshot-log'], entry],
    });
  } catch (error) {
    // After any other error the commit may have happened, and the files be in use.
    if (error instanceof CommitConflictError) await Promise.all(written.map(uri => table.store.folder.remove(uri)));
    throw error;
  }
}

function parentOf({ metadata }: Table): { 'parent-snapshot-id'?: bigint } {
  const parent = currentSnapshot(metadata);
  return parent ? { 'parent-snapshot-id': parent['snapshot-id'] } : {};
}

function checkDistinct({ location }: Table, uris: readonly string[]): void {
  const seen = new Set<string>();
  for (const uri of uris) {
    if (seen.has(uri)) throw new InvalidDataFileError(`Cannot change files of "${location}": "${uri}" is given twice`);
    seen.add(uri);
  }
}

function checkSameRows({ location }: Table, deleted: readonly DataFile[], added: readonly DataFile[]): void {
  const [before, after] = [deleted, added].map(files => files.reduce((rows, { recordCount }) => rows + recordCount, 0));
  if (before !== after)
    throw new InvalidDataFileError(
      `Cannot replace files of "${location}": they had ${before} rows, the new ones have ${after}`,
    );
}
