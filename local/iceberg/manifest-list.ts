import { parseAvroFile, printAvroFile } from './avro-file.ts';
import { manifestListSchema } from './avro-schemas.ts';

/** What the values of one partition field are in a manifest. */
export interface PartitionSummary {
  readonly containsNull: boolean;
  /** In single-value form; null when all values are NULL or the type has no bounds here. */
  readonly lower: Buffer | null;
  readonly upper: Buffer | null;
}

/** A manifest as a snapshot's list names it. */
export interface ManifestFile {
  readonly uri: string;
  readonly length: number;
  readonly specId: number;
  /** Of the commit that wrote the manifest. */
  readonly sequenceNumber: number;
  /** The least data sequence number of its live files. */
  readonly minSequenceNumber: number;
  readonly addedSnapshotId: bigint;
  readonly addedFiles: number;
  readonly existingFiles: number;
  readonly deletedFiles: number;
  readonly addedRows: number;
  readonly existingRows: number;
  readonly deletedRows: number;
  /** One per partition field, in the order of the spec. */
  readonly partitions: readonly PartitionSummary[];
}

/** The snapshot that a manifest list is of. */
export interface ManifestListHeader {
  readonly snapshotId: bigint;
  readonly parentId: bigint | undefined;
  readonly sequenceNumber: number;
}

interface ManifestRecord {
  readonly manifest_path: string;
  readonly manifest_length: bigint;
  readonly partition_spec_id: number;
  readonly content: number;
  readonly sequence_number: bigint;
  readonly min_sequence_number: bigint;
  readonly added_snapshot_id: bigint;
  readonly added_files_count: number;
  readonly existing_files_count: number;
  readonly deleted_files_count: number;
  readonly added_rows_count: bigint;
  readonly existing_rows_count: bigint;
  readonly deleted_rows_count: bigint;
  readonly partitions:
    | readonly {
        readonly contains_null: boolean;
        readonly contains_nan: boolean | null;
        readonly lower_bound: Buffer | null;
        readonly upper_bound: Buffer | null;
      }[]
    | null;
}

/** Prints a snapshot's list of manifests. */
export function printManifestList(header: ManifestListHeader, manifests: readonly ManifestFile[]): Buffer {
  return printAvroFile(manifestListSchema, {
    metadata: {
      'snapshot-id': `${header.snapshotId}`,
      'parent-snapshot-id': `${header.parentId ?? null}`,
      'sequence-number': `${header.sequenceNumber}`,
      'format-version': '2',
    },
    records: manifests.map(toRecord),
  });
}

/** Parses a snapshot's list of manifests. */
export function parseManifestList(bytes: Buffer): ManifestFile[] {
  return parseAvroFile(bytes).records.map(record => fromRecord(record as ManifestRecord));
}

function toRecord(manifest: ManifestFile): ManifestRecord {
  return {
    manifest_path: manifest.uri,
    manifest_length: BigInt(manifest.length),
    partition_spec_id: manifest.specId,
    content: 0,
    sequence_number: BigInt(manifest.sequenceNumber),
    min_sequence_number: BigInt(manifest.minSequenceNumber),
    added_snapshot_id: manifest.addedSnapshotId,
    added_files_count: manifest.addedFiles,
    existing_files_count: manifest.existingFiles,
    deleted_files_count: manifest.deletedFiles,
    added_rows_count: BigInt(manifest.addedRows),
    existing_rows_count: BigInt(manifest.existingRows),
    deleted_rows_count: BigInt(manifest.deletedRows),
    partitions: manifest.partitions.map(({ containsNull, lower, upper }) => ({
      contains_null: containsNull,
      contains_nan: false,
      lower_bound: lower,
      upper_bound: upper,
    })),
  };
}

function fromRecord(record: ManifestRecord): ManifestFile {
  return {
    uri: record.manifest_path,
    length: Number(record.manifest_length),
    specId: record.partition_spec_id,
    sequenceNumber: Number(record.sequence_number),
    minSequenceNumber: Number(record.min_sequence_number),
    addedSnapshotId: record.added_snapshot_id,
    addedFiles: record.added_files_count,
    existingFiles: record.existing_files_count,
    deletedFiles: record.deleted_files_count,
    addedRows: Number(record.added_rows_count),
    existingRows: Number(record.existing_rows_count),
    deletedRows: Number(record.deleted_rows_count),
    partitions: (record.partitions ?? []).map(({ contains_null, lower_bound, upper_bound }) => ({
      containsNull: contains_null,
      lower: lower_bound,
      upper: upper_bound,
    })),
  };
}
