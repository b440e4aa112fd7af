import type { DataFile } from './data-file.ts';
import { InvalidDataFileError } from './errors.ts';
import { entryStatus, type ManifestEntry } from './manifest.ts';
import type { ManifestFile } from './manifest-list.ts';
import { type NumberedEntry, readLiveEntries, readManifestList } from './read-manifests.ts';
import { currentSnapshot, specById } from './table-metadata.ts';
import { type ManifestWriter, writeManifest } from './write-manifest.ts';

/** What the next snapshot takes over from the current one. */
export interface CarriedManifests {
  readonly manifests: readonly ManifestFile[];
  /** The files that it takes over no longer. */
  readonly deleted: readonly DataFile[];
}

/** From how many manifests on a commit joins them, so that reading the table stays fast after many appends. */
const manifestsToMerge = 100;

/**
 * Lists the manifests of the current snapshot for the next one: untouched ones as they are, those of deleted files rewritten.
 *
 * @param deleted addresses of the data files that go
 * @throws {InvalidDataFileError} when one of them is not live
 */
export async function carryManifests(writer: ManifestWriter, deleted: ReadonlySet<string>): Promise<CarriedManifests> {
  const read = await readCurrent(writer);
  const merges = read.length >= manifestsToMerge;
  if (deleted.size === 0 && !merges) return { manifests: read, deleted: [] };
  const opened = await Promise.all(
    read.map(async manifest => ({ manifest, entries: await readLiveEntries(writer.table.store.folder, manifest) })),
  );
  const gone = opened.flatMap(({ entries }) => entries.map(({ file }) => file)).filter(({ uri }) => deleted.has(uri));
  checkAllFound(writer, deleted, gone);
  const isKept = ({ entries }: Opened) => !merges && !entries.some(({ file }) => deleted.has(file.uri));
  const kept = opened.filter(isKept).map(({ manifest }) => manifest);
  const groups = groupForRewrite(
    opened.filter(manifest => !isKept(manifest)),
    merges,
  );
  return { manifests: [...kept, ...(await rewrite(writer, groups, deleted))], deleted: gone };
}

interface Opened {
  readonly manifest: ManifestFile;
  readonly entries: readonly NumberedEntry[];
}

/** Manifests that only told of deletions have said what they had to: they go. */
async function readCurrent({ table }: ManifestWriter): Promise<ManifestFile[]> {
  const snapshot = currentSnapshot(table.metadata);
  const manifests = snapshot ? await readManifestList(table.store.folder, snapshot) : [];
  return manifests.filter(({ addedFiles, existingFiles }) => addedFiles + existingFiles > 0);
}

function checkAllFound({ table }: ManifestWriter, wanted: ReadonlySet<string>, found: readonly DataFile[]): void {
  const uris = new Set(found.map(({ uri }) => uri));
  const missing = [...wanted].find(uri => !uris.has(uri));
  if (missing === undefined) return;
  throw new InvalidDataFileError(`Cannot delete "${missing}" from "${table.location}": the table does not read it`);
}

/** A manifest holds files of one partition spec: one group per manifest, or one per spec when they are merged. */
function groupForRewrite(opened: readonly Opened[], merges: boolean): Opened[] {
  if (!merges) return [...opened];
  const bySpec = Map.groupBy(opened, ({ manifest }) => manifest.specId);
  return [...bySpec.values()].map(group => ({
    manifest: group[0]!.manifest,
    entries: group.flatMap(({ entries }) => entries),
  }));
}

function rewrite(
  writer: ManifestWriter,
  groups: readonly Opened[],
  deleted: ReadonlySet<string>,
): Promise<ManifestFile[]> {
  return Promise.all(
    groups.map(({ manifest, entries }) => {
      const carried = entries.map(entry => carryEntry(entry, deleted, writer.snapshotId));
      return writeManifest(writer, specById(writer.table.metadata, manifest.specId), carried);
    }),
  );
}

/** An entry that moves to another manifest can't inherit its numbers any more: it has them already, and keeps them. */
function carryEntry(entry: NumberedEntry, deleted: ReadonlySet<string>, snapshotId: bigint): ManifestEntry {
  return deleted.has(entry.file.uri)
    ? { ...entry, status: entryStatus.deleted, snapshotId }
    : { ...entry, status: entryStatus.existing };
}
