import { InvalidSchemaError, SnapshotNotFoundError } from './errors.ts';

/** Iceberg's name of a primitive type: `int`, `long`, `timestamp`, `decimal(10, 2)` … */
export type IcebergType = string;

/** A column of one schema. The id is the column's identity: it survives a rename and is never used again. */
export interface SchemaField {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: IcebergType;
  readonly doc?: string;
}

export interface Schema {
  readonly type: 'struct';
  readonly 'schema-id': number;
  readonly fields: readonly SchemaField[];
}

/** How one partition value comes from a column. */
export interface PartitionField {
  readonly 'source-id': number;
  /** From 1000 up. */
  readonly 'field-id': number;
  /** Of the partition value, for instance `event_time_month`. */
  readonly name: string;
  /** `identity`, `year`, `month`, `day`, `hour`, `bucket[16]` or `truncate[4]`. */
  readonly transform: string;
}

export interface PartitionSpec {
  readonly 'spec-id': number;
  readonly fields: readonly PartitionField[];
}

export type SnapshotOperation = 'append' | 'replace' | 'overwrite' | 'delete';

export interface Snapshot {
  /** Of 62 bits: beyond what a Number holds. */
  readonly 'snapshot-id': bigint;
  readonly 'parent-snapshot-id'?: bigint;
  readonly 'sequence-number': number;
  readonly 'timestamp-ms': number;
  readonly 'manifest-list': string;
  /** What was done and how much: `operation`, `added-records`, `total-records` … */
  readonly summary: Readonly<Record<string, string>> & { readonly operation: SnapshotOperation };
  /** The schema that was current when the snapshot was made, and by which it is read. */
  readonly 'schema-id': number;
}

export interface SnapshotLogEntry {
  readonly 'snapshot-id': bigint;
  readonly 'timestamp-ms': number;
}

export interface SnapshotRef {
  readonly 'snapshot-id': bigint;
  readonly type: 'branch' | 'tag';
}

/** The JSON of `metadata/v<N>.metadata.json`, format version 2. */
export interface TableMetadata {
  readonly 'format-version': 2;
  readonly 'table-uuid': string;
  /** `s3://bucket/prefix` without a slash at the end. */
  readonly location: string;
  readonly 'last-sequence-number': number;
  readonly 'last-updated-ms': number;
  readonly 'last-column-id': number;
  readonly schemas: readonly Schema[];
  readonly 'current-schema-id': number;
  readonly 'partition-specs': readonly PartitionSpec[];
  readonly 'default-spec-id': number;
  readonly 'last-partition-id': number;
  readonly 'sort-orders': readonly { readonly 'order-id': number; readonly fields: readonly unknown[] }[];
  readonly 'default-sort-order-id': number;
  readonly properties: Readonly<Record<string, string>>;
  /** -1 while the table has no snapshot. */
  readonly 'current-snapshot-id': bigint;
  readonly refs: Readonly<Record<string, SnapshotRef>>;
  readonly snapshots: readonly Snapshot[];
  /** Which snapshot was current from when on, oldest first. */
  readonly 'snapshot-log': readonly SnapshotLogEntry[];
  /** The metadata files before this one, oldest first. */
  readonly 'metadata-log': readonly { readonly 'metadata-file': string; readonly 'timestamp-ms': number }[];
}

/** The value of `current-snapshot-id` in a table that has no snapshot. */
export const noSnapshot = -1n;

/** The schema by which new rows are written and the current state is read. */
export function currentSchema(metadata: TableMetadata): Schema {
  return schemaById(metadata, metadata['current-schema-id']);
}

/** The partitioning of new data files. */
export function currentSpec(metadata: TableMetadata): PartitionSpec {
  return specById(metadata, metadata['default-spec-id']);
}

/** The partitioning that a manifest was written with. */
export function specById(metadata: TableMetadata, specId: number): PartitionSpec {
  const spec = metadata['partition-specs'].find(({ 'spec-id': id }) => id === specId);
  if (!spec) throw new InvalidSchemaError(`Table "${metadata.location}" has no partition spec ${specId}`);
  return spec;
}

/** The current snapshot, or undefined in a table that nothing was ever written to. */
export function currentSnapshot(metadata: TableMetadata): Snapshot | undefined {
  const id = metadata['current-snapshot-id'];
  return id === noSnapshot ? undefined : snapshotById(metadata, id);
}

/**
 * The snapshot of an id (`FOR VERSION AS OF`).
 *
 * @throws {SnapshotNotFoundError} when it never was or has expired
 */
export function snapshotById(metadata: TableMetadata, id: bigint): Snapshot {
  const snapshot = metadata.snapshots.find(({ 'snapshot-id': other }) => other === id);
  if (!snapshot) throw new SnapshotNotFoundError(`Table "${metadata.location}" has no snapshot ${id}`);
  return snapshot;
}

/**
 * The snapshot that was current at an instant (`FOR TIMESTAMP AS OF`): the last one committed at or before it.
 *
 * @throws {SnapshotNotFoundError} when the table had no snapshot then, or it has expired
 */
export function snapshotAsOf(metadata: TableMetadata, epochMs: number): Snapshot {
  const entry = metadata['snapshot-log'].findLast(({ 'timestamp-ms': at }) => at <= epochMs);
  if (!entry)
    throw new SnapshotNotFoundError(
      `Table "${metadata.location}" has no snapshot at or before ${new Date(epochMs).toISOString()}`,
    );
  return snapshotById(metadata, entry['snapshot-id']);
}

/** The schema of a snapshot: time travel shows the columns of then. */
export function schemaOfSnapshot(metadata: TableMetadata, snapshot: Snapshot): Schema {
  return schemaById(metadata, snapshot['schema-id']);
}

function schemaById(metadata: TableMetadata, schemaId: number): Schema {
  const schema = metadata.schemas.find(({ 'schema-id': id }) => id === schemaId);
  if (!schema) throw new InvalidSchemaError(`Table "${metadata.location}" has no schema ${schemaId}`);
  return schema;
}
