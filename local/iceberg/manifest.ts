import { parseAvroFile, printAvroFile } from './avro-file.ts';
import { manifestSchema, type PartitionFieldType } from './avro-schemas.ts';
import { hasBounds, parseBound, printBound } from './bounds.ts';
import type { ColumnBounds, DataFile, PartitionValue } from './data-file.ts';
import type { IcebergType, PartitionSpec, Schema } from './table-metadata.ts';

/** What a manifest's snapshot did with a file. */
export const entryStatus = { existing: 0, added: 1, deleted: 2 } as const;

/** One file of a manifest. */
export interface ManifestEntry {
  readonly status: (typeof entryStatus)[keyof typeof entryStatus];
  /** The snapshot that added the file, or deleted it. */
  readonly snapshotId: bigint;
  /** Undefined in an added entry: it inherits the manifest's, which is known at the commit only. */
  readonly sequenceNumber: number | undefined;
  readonly fileSequenceNumber: number | undefined;
  readonly file: DataFile;
}

/** What a manifest is written for. */
export interface ManifestHeader {
  readonly schema: Schema;
  readonly spec: PartitionSpec;
  readonly partitionFields: readonly PartitionFieldType[];
  /** The type of a column of any of the table's schemas. */
  readonly typeOf: (fieldId: number) => IcebergType | undefined;
}

interface Pair<Value> {
  readonly key: number;
  readonly value: Value;
}

interface EntryRecord {
  readonly status: ManifestEntry['status'];
  readonly snapshot_id: bigint;
  readonly sequence_number: bigint | null;
  readonly file_sequence_number: bigint | null;
  readonly data_file: {
    readonly content: number;
    readonly file_path: string;
    readonly file_format: string;
    readonly partition: Readonly<Record<string, PartitionValue>>;
    readonly record_count: bigint;
    readonly file_size_in_bytes: bigint;
    readonly column_sizes: readonly Pair<bigint>[] | null;
    readonly value_counts: readonly Pair<bigint>[] | null;
    readonly null_value_counts: readonly Pair<bigint>[] | null;
    readonly nan_value_counts: readonly Pair<bigint>[] | null;
    readonly lower_bounds: readonly Pair<Buffer>[] | null;
    readonly upper_bounds: readonly Pair<Buffer>[] | null;
    readonly sort_order_id: number | null;
  };
}

/** Prints a manifest of data files. */
export function printManifest(header: ManifestHeader, entries: readonly ManifestEntry[]): Buffer {
  const { schema, spec, partitionFields } = header;
  return printAvroFile(manifestSchema(partitionFields), {
    metadata: {
      schema: JSON.stringify(schema),
      'schema-id': `${schema['schema-id']}`,
      'partition-spec': JSON.stringify(spec.fields),
      'partition-spec-id': `${spec['spec-id']}`,
      'format-version': '2',
      content: 'data',
    },
    records: entries.map(entry => toRecord(entry, header)),
  });
}

/** Parses a manifest of data files. Added entries have no sequence numbers of their own. */
export function parseManifest(bytes: Buffer): ManifestEntry[] {
  return parseAvroFile(bytes).records.map(record => fromRecord(record as EntryRecord));
}

function toRecord({ file, ...entry }: ManifestEntry, { partitionFields, typeOf }: ManifestHeader): EntryRecord {
  const bounds = [...(file.bounds ?? [])].flatMap(([id, { lower, upper }]) => {
    const type = typeOf(id);
    return type && hasBounds(type) ? [{ id, lower: printBound(type, lower), upper: printBound(type, upper) }] : [];
  });
  return {
    status: entry.status,
    snapshot_id: entry.snapshotId,
    sequence_number: toLong(entry.sequenceNumber),
    file_sequence_number: toLong(entry.fileSequenceNumber),
    data_file: {
      content: 0,
      file_path: file.uri,
      file_format: 'PARQUET',
      partition: Object.fromEntries(partitionFields.map(({ name }) => [name, file.partition[name] ?? null])),
      record_count: BigInt(file.recordCount),
      file_size_in_bytes: BigInt(file.fileSizeInBytes),
      column_sizes: toPairs(file.columnSizes),
      value_counts: toPairs(file.valueCounts),
      null_value_counts: toPairs(file.nullValueCounts),
      nan_value_counts: toPairs(file.nanValueCounts),
      lower_bounds: file.bounds ? bounds.map(({ id, lower }) => ({ key: id, value: lower })) : null,
      upper_bounds: file.bounds ? bounds.map(({ id, upper }) => ({ key: id, value: upper })) : null,
      sort_order_id: null,
    },
  };
}

function fromRecord(record: EntryRecord): ManifestEntry {
  const file = record.data_file;
  return {
    status: record.status,
    snapshotId: record.snapshot_id,
    sequenceNumber: fromLong(record.sequence_number),
    fileSequenceNumber: fromLong(record.file_sequence_number),
    file: {
      uri: file.file_path,
      partition: { ...file.partition },
      recordCount: Number(file.record_count),
      fileSizeInBytes: Number(file.file_size_in_bytes),
      columnSizes: fromPairs(file.column_sizes),
      valueCounts: fromPairs(file.value_counts),
      nullValueCounts: fromPairs(file.null_value_counts),
      nanValueCounts: fromPairs(file.nan_value_counts),
      bounds: joinBounds(file.lower_bounds, file.upper_bounds),
    },
  };
}

function joinBounds(
  lower: readonly Pair<Buffer>[] | null,
  upper: readonly Pair<Buffer>[] | null,
): ReadonlyMap<number, ColumnBounds> | undefined {
  if (!lower || !upper) return undefined;
  const uppers = new Map(upper.map(({ key, value }) => [key, value]));
  return new Map(
    lower.flatMap(({ key, value }) => {
      const bound = uppers.get(key);
      return bound ? [[key, { lower: parseBound(value), upper: parseBound(bound) }] as const] : [];
    }),
  );
}

function toPairs(counts: ReadonlyMap<number, number> | undefined): Pair<bigint>[] | null {
  return counts ? [...counts].map(([key, value]) => ({ key, value: BigInt(value) })) : null;
}

function fromPairs(pairs: readonly Pair<bigint>[] | null): ReadonlyMap<number, number> | undefined {
  return pairs ? new Map(pairs.map(({ key, value }) => [key, Number(value)])) : undefined;
}

function toLong(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value);
}

function fromLong(value: bigint | null): number | undefined {
  return value === null ? undefined : Number(value);
}
