import { hasBounds, printBound } from './bounds.ts';
import type { PartitionValue } from './data-file.ts';
import { entryStatus, type ManifestEntry, type ManifestHeader, printManifest } from './manifest.ts';
import type { ManifestFile, PartitionSummary } from './manifest-list.ts';
import { type PartitionColumn, partitionColumns } from './partitioning.ts';
import type { Table } from './table.ts';
import { currentSchema, type PartitionSpec, type SchemaField, type TableMetadata } from './table-metadata.ts';

/** Who writes: a commit under way, with the numbers that its manifests carry. */
export interface ManifestWriter {
  readonly table: Table;
  readonly snapshotId: bigint;
  readonly sequenceNumber: number;
  /** Names the commit's files. */
  readonly commitId: string;
  /** Addresses of the manifests and lists so far, for a commit that fails to remove. */
  readonly written: string[];
}

/** Writes a manifest and describes it for the manifest list. */
export async function writeManifest(
  writer: ManifestWriter,
  spec: PartitionSpec,
  entries: readonly ManifestEntry[],
): Promise<ManifestFile> {
  const { table, commitId, written } = writer;
  const uri = `${table.location}/metadata/${commitId}-m${written.length}.avro`;
  written.push(uri);
  const columns = partitionColumns(spec, knownColumns(table.metadata));
  const bytes = printManifest(manifestHeader(table.metadata, spec, columns), entries);
  await table.store.folder.write(uri, bytes);
  return describe(writer, entries, columns, { uri, length: bytes.length, specId: spec['spec-id'] });
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
  { snapshotId, sequenceNumber }: ManifestWriter,
  entries: readonly ManifestEntry[],
  columns: readonly PartitionColumn[],
  file: Pick<ManifestFile, 'uri' | 'length' | 'specId'>,
): ManifestFile {
  const [existing, added, deleted] = [entryStatus.existing, entryStatus.added, entryStatus.deleted].map(wanted =>
    entries.filter(({ status }) => status === wanted),
  ) as [ManifestEntry[], ManifestEntry[], ManifestEntry[]];
  const live = [...existing, ...added];
  return {
    ...file,
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
