import { entryStatus, type ManifestEntry, parseManifest } from './manifest.ts';
import { type ManifestFile, parseManifestList } from './manifest-list.ts';
import type { ObjectFolder } from './object-folder.ts';
import type { Snapshot } from './table-metadata.ts';

/** A manifest's entry with the sequence numbers it may have inherited. */
export interface NumberedEntry extends ManifestEntry {
  readonly sequenceNumber: number;
  readonly fileSequenceNumber: number;
}

/** Reads the manifests that a snapshot lists. */
export async function readManifestList(folder: ObjectFolder, snapshot: Snapshot): Promise<ManifestFile[]> {
  return parseManifestList(await readExisting(folder, snapshot['manifest-list']));
}

/** Reads the entries of a manifest whose files are live: those that its snapshot did not delete. */
export async function readLiveEntries(folder: ObjectFolder, manifest: ManifestFile): Promise<NumberedEntry[]> {
  const entries = parseManifest(await readExisting(folder, manifest.uri));
  return entries
    .filter(({ status }) => status !== entryStatus.deleted)
    .map(entry => ({
      ...entry,
      sequenceNumber: entry.sequenceNumber ?? manifest.sequenceNumber,
      fileSequenceNumber: entry.fileSequenceNumber ?? manifest.sequenceNumber,
    }));
}

async function readExisting(folder: ObjectFolder, uri: string): Promise<Buffer> {
  const bytes = await folder.read(uri);
  if (!bytes) throw new Error(`Cannot read "${uri}": the table's metadata names it, but there is no such object`);
  return bytes;
}
