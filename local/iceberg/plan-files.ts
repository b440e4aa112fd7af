import type { PlannedFile } from './data-file.ts';
import { readLiveEntries, readManifestList } from './read-manifests.ts';
import type { Table } from './table.ts';
import { currentSnapshot, type Snapshot } from './table-metadata.ts';

/**
 * Lists the data files that a snapshot reads, in the order they were added.
 *
 * @param snapshot @default - the current one; a table without a snapshot has no files
 */
export async function planFiles(
  { store: { folder }, metadata }: Table,
  snapshot: Snapshot | undefined = currentSnapshot(metadata),
): Promise<PlannedFile[]> {
  const manifests = snapshot ? await readManifestList(folder, snapshot) : [];
  const planned = await Promise.all(
    manifests.map(async manifest =>
      (await readLiveEntries(folder, manifest)).map(({ file, snapshotId, sequenceNumber, fileSequenceNumber }) => ({
        ...file,
        specId: manifest.specId,
        addedSnapshotId: snapshotId,
        sequenceNumber,
        fileSequenceNumber,
        path: folder.path(file.uri),
      })),
    ),
  );
  return planned.flat().sort((a, b) => a.sequenceNumber - b.sequenceNumber);
}
