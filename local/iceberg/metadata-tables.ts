import { parseBound } from './bounds.ts';
import type { ColumnBounds, PlannedFile } from './data-file.ts';
import type { ManifestFile } from './manifest-list.ts';
import { type PartitionColumn, partitionColumns } from './partitioning.ts';
import { planFiles } from './plan-files.ts';
import { readManifestList } from './read-manifests.ts';
import type { Table } from './table.ts';
import { currentSchema, currentSnapshot, type Snapshot, specById } from './table-metadata.ts';
import { printPartitionValue, printValue } from './value-text.ts';

// The columns are named as Athena names those of "t$snapshots", "t$history" … Instants are epoch milliseconds.

export interface SnapshotRow {
  readonly committed_at: number;
  readonly snapshot_id: bigint;
  readonly parent_id: bigint | null;
  readonly operation: string;
  readonly manifest_list: string;
  readonly summary: Readonly<Record<string, string>>;
}

export interface HistoryRow {
  readonly made_current_at: number;
  readonly snapshot_id: bigint;
  readonly parent_id: bigint | null;
  readonly is_current_ancestor: boolean;
}

export interface FileRow {
  /** 0: data. */
  readonly content: number;
  readonly file_path: string;
  readonly file_format: string;
  readonly record_count: number;
  readonly file_size_in_bytes: number;
  readonly column_sizes: ReadonlyMap<number, number>;
  readonly value_counts: ReadonlyMap<number, number>;
  readonly null_value_counts: ReadonlyMap<number, number>;
  readonly nan_value_counts: ReadonlyMap<number, number>;
  /** As text: `17`, `2026-01-01`, `2026-01-01T10:00:00.123`. */
  readonly lower_bounds: ReadonlyMap<number, string>;
  readonly upper_bounds: ReadonlyMap<number, string>;
}

export interface ManifestRow {
  readonly path: string;
  readonly length: number;
  readonly partition_spec_id: number;
  readonly added_snapshot_id: bigint;
  readonly added_data_files_count: number;
  readonly added_rows_count: number;
  readonly existing_data_files_count: number;
  readonly existing_rows_count: number;
  readonly deleted_data_files_count: number;
  readonly deleted_rows_count: number;
  readonly partition_summaries: readonly {
    readonly contains_null: boolean;
    readonly contains_nan: boolean;
    readonly lower_bound: string | null;
    readonly upper_bound: string | null;
  }[];
}

export interface PartitionRow {
  /** By partition field, as text: `event_time_month` → `2026-01`. */
  readonly partition: Readonly<Record<string, string | null>>;
  readonly record_count: number;
  readonly file_count: number;
  readonly total_size: number;
}

export interface RefRow {
  readonly name: string;
  readonly type: 'BRANCH' | 'TAG';
  readonly snapshot_id: bigint;
}

/** `"t$snapshots"`: every snapshot that has not expired, oldest first. */
export function listSnapshots({ metadata }: Table): SnapshotRow[] {
  return metadata.snapshots.map(snapshot => {
    const { operation, ...summary } = snapshot.summary;
    return {
      committed_at: snapshot['timestamp-ms'],
      snapshot_id: snapshot['snapshot-id'],
      parent_id: snapshot['parent-snapshot-id'] ?? null,
      operation,
      manifest_list: snapshot['manifest-list'],
      summary,
    };
  });
}

/** `"t$history"`: which snapshot was current from when on, oldest first. */
export function listHistory({ metadata }: Table): HistoryRow[] {
  const snapshots = new Map(metadata.snapshots.map(snapshot => [snapshot['snapshot-id'], snapshot]));
  const ancestors = listAncestors(currentSnapshot(metadata), snapshots);
  return metadata['snapshot-log'].map(({ 'snapshot-id': id, 'timestamp-ms': at }) => ({
    made_current_at: at,
    snapshot_id: id,
    parent_id: snapshots.get(id)?.['parent-snapshot-id'] ?? null,
    is_current_ancestor: ancestors.has(id),
  }));
}

/** `"t$files"`: the data files of the current snapshot. */
export async function listFiles(table: Table): Promise<FileRow[]> {
  const types = new Map(currentSchema(table.metadata).fields.map(({ id, type }) => [id, type]));
  return (await planFiles(table)).map(file => ({
    content: 0,
    file_path: file.uri,
    file_format: 'PARQUET',
    record_count: file.recordCount,
    file_size_in_bytes: file.fileSizeInBytes,
    column_sizes: file.columnSizes ?? new Map(),
    value_counts: file.valueCounts ?? new Map(),
    null_value_counts: file.nullValueCounts ?? new Map(),
    nan_value_counts: file.nanValueCounts ?? new Map(),
    lower_bounds: printBounds(file.bounds, 'lower', types),
    upper_bounds: printBounds(file.bounds, 'upper', types),
  }));
}

/** `"t$manifests"` of the current snapshot. */
export async function listManifests(table: Table): Promise<ManifestRow[]> {
  const snapshot = currentSnapshot(table.metadata);
  const manifests = snapshot ? await readManifestList(table.store.folder, snapshot) : [];
  return manifests.map(manifest => ({
    path: manifest.uri,
    length: manifest.length,
    partition_spec_id: manifest.specId,
    added_snapshot_id: manifest.addedSnapshotId,
    added_data_files_count: manifest.addedFiles,
    added_rows_count: manifest.addedRows,
    existing_data_files_count: manifest.existingFiles,
    existing_rows_count: manifest.existingRows,
    deleted_data_files_count: manifest.deletedFiles,
    deleted_rows_count: manifest.deletedRows,
    partition_summaries: printSummaries(manifest, columnsOf(table, manifest.specId)),
  }));
}

/** `"t$partitions"` of the current snapshot. */
export async function listPartitions(table: Table): Promise<PartitionRow[]> {
  const files = await planFiles(table);
  const groups = Map.groupBy(files, file => JSON.stringify(printPartition(table, file)));
  return [...groups.values()].map(group => ({
    partition: printPartition(table, group[0]!),
    record_count: group.reduce((rows, { recordCount }) => rows + recordCount, 0),
    file_count: group.length,
    total_size: group.reduce((bytes, { fileSizeInBytes }) => bytes + fileSizeInBytes, 0),
  }));
}

/** `"t$refs"`: the branch `main`, once there is a snapshot. */
export function listRefs({ metadata }: Table): RefRow[] {
  return Object.entries(metadata.refs).map(([name, ref]) => ({
    name,
    type: ref.type === 'branch' ? 'BRANCH' : 'TAG',
    snapshot_id: ref['snapshot-id'],
  }));
}

function listAncestors(newest: Snapshot | undefined, snapshots: ReadonlyMap<bigint, Snapshot>): ReadonlySet<bigint> {
  const ancestors = new Set<bigint>();
  let snapshot = newest;
  while (snapshot) {
    ancestors.add(snapshot['snapshot-id']);
    const parent = snapshot['parent-snapshot-id'];
    snapshot = parent === undefined ? undefined : snapshots.get(parent);
  }
  return ancestors;
}

function printBounds(
  bounds: ReadonlyMap<number, ColumnBounds> | undefined,
  end: keyof ColumnBounds,
  types: ReadonlyMap<number, string>,
): ReadonlyMap<number, string> {
  return new Map(
    [...(bounds ?? [])].flatMap(([id, ends]) => {
      const type = types.get(id);
      return type === undefined ? [] : [[id, printValue(type, ends[end])] as const];
    }),
  );
}

function printSummaries(
  { partitions }: ManifestFile,
  columns: readonly PartitionColumn[],
): ManifestRow['partition_summaries'] {
  return partitions.map(({ containsNull, lower, upper }, index) => {
    const print = (bound: Buffer | null) => bound && printPartitionValue(columns[index]!, parseBound(bound));
    return { contains_null: containsNull, contains_nan: false, lower_bound: print(lower), upper_bound: print(upper) };
  });
}

function printPartition(table: Table, { specId, partition }: PlannedFile): PartitionRow['partition'] {
  const columns = columnsOf(table, specId);
  return Object.fromEntries(
    columns.map(column => [column.name, printPartitionValue(column, partition[column.name] ?? null)]),
  );
}

function columnsOf({ metadata }: Table, specId: number): PartitionColumn[] {
  return partitionColumns(specById(metadata, specId), currentSchema(metadata));
}
