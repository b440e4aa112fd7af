import type { Column } from '../../contracts/tables.ts';
import type { TrainingWindow } from '../../contracts/tasks.ts';

/** One Parquet file of a frozen dataset. */
export interface DatasetPart {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Numbers `[from, to]` that the rows of a dataset span. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

/** State of an Iceberg table, as its history tells it. */
export interface Snapshot {
  /** 64-bit integer, as a decimal string. */
  readonly snapshotId: string;
  /** Null for a table's first snapshot. */
  readonly parentSnapshotId: string | null;
  /** ISO instant. */
  readonly committedAt: string;
}

/** What a frozen dataset holds and where it comes from; written once, as `manifest.json` beside the parts. */
export interface DatasetManifest extends Snapshot {
  /** sha256 over table uuid, snapshot id, SQL and schema: what was asked for. */
  readonly datasetId: string;
  /** sha256 over the rows, whatever their order and files: what came out. */
  readonly contentHash: string;
  readonly useCase: string;
  readonly createdAt: string;
  readonly window: TrainingWindow;
  /** ISO instant up to which, inclusive, an event is old enough for its label to be final. */
  readonly matureUntil: string;
  readonly table: string;
  readonly tableUuid: string;
  readonly sql: string;
  /** Columns of the parts, in order. */
  readonly schema: readonly Column[];
  readonly parts: readonly DatasetPart[];
  readonly rows: number;
  readonly positives: number;
  readonly ingestSeq: SequenceRange;
  readonly labelSeq: SequenceRange;
}
