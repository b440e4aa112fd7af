import type { Key, Table } from '../../platform/table.ts';
import { partition, sequenceKey } from '../registry/keys.ts';
import type { ScannedFile } from './scan-file.ts';
import { putFenced, type WriterLease } from './writer-lease.ts';

/**
 * How far a batch is. Each step can be done again from its start:
 *
 *     planned ─ staged ─ inserted ─ labelled ─ complete      the files are moved at the end
 *        │                   └──────────────────┘            no label is new
 *        └───── declined ─ refused                           too many rejected rows
 */
export type BatchStatus = 'planned' | 'staged' | 'inserted' | 'labelled' | 'complete' | 'declined' | 'refused';

/** Rows of a batch. `rows` = `rejected` + `conflicts` + `duplicates` + `relabelled` + `expected`, once staged. */
export interface BatchCounts {
  readonly rows: number;
  /** Rows that can't be read or hold unacceptable values. */
  readonly rejected: number;
  /** Rows whose observation id is taken by a row of other values. */
  readonly conflicts: number;
  /** Rows that were there already, with equal values. */
  readonly duplicates: number;
  /** Rows that bring nothing but the label of a row that had none. */
  readonly relabelled: number;
  /** Rows that the INSERT must bring into the table. */
  readonly expected: number;
}

/** How far the labels that a batch gives to rows of the table are. */
export interface LabelMerge {
  /** Number of the archive run up to which its outcomes count. */
  readonly through: number;
  /** Rows that get another label. */
  readonly rows: number;
  /** 1, 2 …: how often its MERGEs were started from the first on; 0 before. */
  readonly attempt: number;
  readonly slices: readonly InsertSlice[];
}

/** Event times in `[from, to)`, ISO instants, that one INSERT may write: they lie in as many months as Athena allows. */
export interface InsertSlice {
  readonly from: string;
  readonly to: string;
}

/** What the observations table holds after a batch. */
export interface TableContents {
  /** Number of the newest batch that brought rows or labels; 0 before the first. */
  readonly newestBatch: number;
  /** ISO instant of the newest event; null when there is no row. */
  readonly newestEvent: string | null;
  /** Whether there are rows that no generator made. */
  readonly holdsRealRows: boolean;
  /** Snapshot that the newest batch led to; null before the first. */
  readonly snapshotId: string | null;
  /** Number of the archive run up to which outcomes have reached the rows; 0 before the first. */
  readonly outcomesThrough: number;
}

/** Contents before the first batch. */
export const emptyTable: TableContents = {
  newestBatch: 0,
  newestEvent: null,
  holdsRealRows: false,
  snapshotId: null,
  outcomesThrough: 0,
};

/** What one ingest run writes, and how far it is. */
export interface Batch {
  /** 1, 2, 3 …: the rows' `ingest_seq`. */
  readonly number: number;
  readonly status: BatchStatus;
  /** ARN of the execution that planned it. */
  readonly executionId: string;
  /** ISO instant: the rows' `ingested_at`; undated rows are spread over the year before. */
  readonly plannedAt: string;
  readonly files: readonly ScannedFile[];
  readonly counts: BatchCounts;
  /** Why it was refused. */
  readonly refusal: string | null;
  readonly slices: readonly InsertSlice[];
  /** 1, 2 …: how often its INSERTs were started from the first on; 0 before. */
  readonly attempt: number;
  /** Query ids of this attempt's INSERTs, one a slice, as far as they were started. */
  readonly queryIds: readonly string[];
  /** Null until it is known that labels are to be merged. */
  readonly labels: LabelMerge | null;
  /** What the table holds, and from `staged` on will hold with this batch. */
  readonly table: TableContents;
}

type BatchItem = Batch & Key & { readonly fence: number };

/** Whether nothing of a batch is left to do. */
export function isFinished({ status }: Batch): boolean {
  return status === 'complete' || status === 'refused';
}

/** Reads the newest batch, or undefined before the first. */
export async function readLatestBatch(registry: Table, useCase: string): Promise<Batch | undefined> {
  const [latest] = await registry.query<BatchItem>(partition(useCase, 'batch'), { descending: true, limit: 1 });
  if (!latest) return undefined;
  const { pk, sk, fence, ...batch } = latest;
  return batch;
}

/** Reads all batches, oldest first. */
export async function listBatches(registry: Table, useCase: string): Promise<Batch[]> {
  const items = await registry.query<BatchItem>(partition(useCase, 'batch'));
  return items.map(({ pk, sk, fence, ...batch }) => batch);
}

/** Reads the newest batch that is wholly in the table, or undefined when there is none. */
export async function readLatestCompleteBatch(registry: Table, useCase: string): Promise<Batch | undefined> {
  for (let limit = 10; ; limit *= 10) {
    const batches = await registry.query<BatchItem>(partition(useCase, 'batch'), { descending: true, limit });
    const complete = batches.find(({ status }) => status === 'complete');
    if (complete || batches.length < limit) return complete;
  }
}

/**
 * Puts a batch as it is now. Its first put claims the number.
 *
 * @throws {WriterFencedOffError} when a newer holder of the writer lease has put it
 */
export async function putBatch(registry: Table, lease: WriterLease, batch: Batch): Promise<Batch> {
  const key = { pk: partition(lease.useCase, 'batch'), sk: sequenceKey(batch.number) };
  await putFenced(registry, lease, { ...key, ...batch });
  return batch;
}
