/** A partition value: `int` and `date` (days) as number, `long` and `timestamp` (microseconds) as bigint. */
export type PartitionValue = number | bigint | string | boolean | null;

/** The least and the greatest value of a column of type int, long, date (days) or timestamp (microseconds). */
export interface ColumnBounds {
  readonly lower: bigint;
  readonly upper: bigint;
}

/** A Parquet file of a table. All maps are keyed by field id; a field may be missing in each. */
export interface DataFile {
  /** `s3://…`, below the table's location. */
  readonly uri: string;
  /** By the name of the partition field (`event_time_month`); empty in an unpartitioned table. */
  readonly partition: Readonly<Record<string, PartitionValue>>;
  readonly recordCount: number;
  readonly fileSizeInBytes: number;
  /** Compressed bytes. */
  readonly columnSizes?: ReadonlyMap<number, number>;
  /** Values, nulls and NaN among them. */
  readonly valueCounts?: ReadonlyMap<number, number>;
  readonly nullValueCounts?: ReadonlyMap<number, number>;
  readonly nanValueCounts?: ReadonlyMap<number, number>;
  /**
   * Bounds of int, long, date and timestamp columns only: a wrong bound makes readers drop rows silently, a missing one costs nothing.
   */
  readonly bounds?: ReadonlyMap<number, ColumnBounds>;
}

/** A data file that a snapshot reads. */
export interface LiveDataFile extends DataFile {
  /** The partition spec that the partition values belong to. */
  readonly specId: number;
  /** The snapshot that added the file. */
  readonly addedSnapshotId: bigint;
  readonly sequenceNumber: number;
  readonly fileSequenceNumber: number;
}

/** A live data file with the place of its bytes on this machine. */
export interface PlannedFile extends LiveDataFile {
  /** The local file, for DuckDB. */
  readonly path: string;
}

/** What a statement did to the files of a table. */
export interface FileChange {
  /** Addresses of live data files that the next snapshot reads no longer. */
  readonly deleted: readonly string[];
  /** New data files, written already. */
  readonly added: readonly DataFile[];
}

/** Entries for the snapshot's summary beyond the counts, for instance the id of the query. */
export type SummaryEntries = Readonly<Record<string, string>>;
