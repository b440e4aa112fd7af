import type { Table } from './table.ts';

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
export function listSnapshots(_table: Table): SnapshotRow[] {
  throw new Error('not built yet');
}

/** `"t$history"`: which snapshot was current from when on, oldest first. */
export function listHistory(_table: Table): HistoryRow[] {
  throw new Error('not built yet');
}

/** `"t$files"`: the data files of the current snapshot. */
export function listFiles(_table: Table): Promise<FileRow[]> {
  throw new Error('not built yet');
}

/** `"t$manifests"` of the current snapshot. */
export function listManifests(_table: Table): Promise<ManifestRow[]> {
  throw new Error('not built yet');
}

/** `"t$partitions"` of the current snapshot. */
export function listPartitions(_table: Table): Promise<PartitionRow[]> {
  throw new Error('not built yet');
}

/** `"t$refs"`: the branch `main`, once there is a snapshot. */
export function listRefs(_table: Table): RefRow[] {
  throw new Error('not built yet');
}
