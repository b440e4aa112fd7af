import { hasBounds, printBound } from './bounds.ts';
import type { PartitionValue } from './data-file.ts';
import { entryStatus, type ManifestEntry, type ManifestHeader, printManifest } from './manifest.ts';
import type { ManifestFile, PartitionSummary } from './manifest-list.ts';
import { type PartitionColumn, partitionColumns } from './partitioning.ts';
import type { Table } from './table.ts';
import { currentSchema, type PartitionSpec, type SchemaField, type TableMetadata } from './table-metadata.ts';

/** The commit that a manifest is written for. */
export interface ManifestCommit {
  readonly snapshotId: bigint;
  readonly sequenceNumber: number;
  /** Where to put the manifest. */
  readonly uri: string;
}

/** Writes a manifest and describes it for the manifest list. */
export async function writeManifest(
  table: Table,
  spec: PartitionSpec,
  entries: readonly ManifestEntry[],
  commit: ManifestCommit,
): Promise<ManifestFile> {
  const columns = partitionColumns(spec, knownColumns(table.metadata));
  const bytes = printManifest(manifestHeader(table.metadata, spec, columns), entries);
  await table.store.folder.write(commit.uri, bytes);
  return describe(entries, columns, { ...commit, length: bytes.length, specId: spec['spec-id'] });
}

function manifestHeader(
  metadata: TableMetadata,
  spec: PartitionSpec,
  partitionFields: readonly PartitionColumn[],
): ManifestHeader {
  const types = new Map(knownColumns(metadata).fields.map(({ id, type }) => [id, type]));
  return { schema: currentSchema(metadata), spec, partitionFields, typeOf: id => types.get(id) };
}

/** Every column the table ever had, as it was last: files may still hold those that were dropped. */
function knownColumns({ schemas }: TableMetadata): { readonly fields: readonly SchemaField[] } {
  return {
    fields: [...new Map(schemas.flatMap(({ fields }) => fields.map(field => [field.id, field] as const))).values()],
  };
}

function describe(
  entries: readonly ManifestEntry[],
  columns: readonly PartitionColumn[],
  {
    uri,
    length,
    specId,
    snapshotId,
    sequenceNumber,
  }: ManifestCommit & { readonly length: number; readonly specId: number },
): ManifestFile {
  const [existing, added, deleted] = [entryStatus.existing, entryStatus.added, entryStatus.deleted].map(wanted =>
    entries.filter(({ status }) => status === wanted),
  ) as [ManifestEntry[], ManifestEntry[], ManifestEntry[]];
  const live = [...existing, ...added];
  return {
    uri,
    length,
    specId,
    sequenceNumber,
    minSequenceNumber: Math.min(sequenceNumber, ...live.map(entry => entry.sequenceNumber ?? sequenceNumber)),
    addedSnapshotId: snapshotId,
    addedFiles: added.length,
    existingFiles: existing.length,
    deletedFiles: deleted.length,
    addedRows: countRows(added),
    existingRows: countRows(existing),
    deletedRows: countRows(deleted),
    partitions: columns.map(({ name, type }) =>
      summarize(
        entries.map(({ file }) => file.partition[name] ?? null),
        type,
      ),
    ),
  };
}

function countRows(entries: readonly ManifestEntry[]): number {
  return entries.reduce((rows, { file }) => rows + file.recordCount, 0);
}

function summarize(values: readonly PartitionValue[], type: string): PartitionSummary {
  const numbers = hasBounds(type) ? values.filter(value => typeof value === 'number' || typeof value === 'bigint') : [];
  const sorted = numbers.map(BigInt).sort((a, b) => Number(a > b) - Number(a < b));
  const [lower, upper] = [sorted[0], sorted.at(-1)];
  return {
    containsNull: values.includes(null),
    lower: lower === undefined ? null : printBound(type, lower),
    upper: upper === undefined ? null : printBound(type, upper),
  };
}
