import type { Key, Table } from '../../platform/table.ts';
import type { InsertProgress } from '../datasets/insert-exactly-once.ts';
import { putFenced, type WriterLease } from '../datasets/writer-lease.ts';
import { partition } from '../registry/keys.ts';

/** The rows that a run brings into one table, and how far their INSERT is. */
export interface ArchiveInsert extends InsertProgress {
  readonly rows: number;
}

/** A run whose rows are staged, and not all in the tables yet. */
export interface ArchiveRun {
  /** ARN of the execution that staged it. */
  readonly executionId: string;
  /** ISO instant: the hours before it are in the run. */
  readonly to: string;
  /** Days that have a prediction, `2026-01-31`. */
  readonly days: readonly string[];
  readonly predictions: ArchiveInsert;
  readonly outcomes: ArchiveInsert;
}

/** How far the log of a use case is archived: one item, of which nothing but the newest state is kept. */
export interface ArchiveState {
  /** Number of the newest run that is complete: the `archive_seq` of its rows; 0 before the first. */
  readonly number: number;
  /** ISO instant: every hour before it is archived. */
  readonly through: string;
  readonly run: ArchiveRun | null;
  /** Number of the newest run that brought outcomes; 0 before the first. */
  readonly newestOutcomes: number;
  /** Of them, which were looked at for predictions that become observations. */
  readonly landedOutcomes: number;
  /** ISO instant: the predictions before it were looked at. */
  readonly landedThrough: string;
  /** Days with archived predictions, not all of which were looked at. */
  readonly pendingDays: readonly string[];
}

type ArchiveItem = ArchiveState & Key & { readonly fence: number };

/** Reads how far the archive is, or undefined before its first run. */
export async function readArchiveState(registry: Table, useCase: string): Promise<ArchiveState | undefined> {
  const item = await registry.get<ArchiveItem>(stateKey(useCase));
  if (!item) return undefined;
  const { pk, sk, fence, ...state } = item;
  return state;
}

/** Puts how far the archive is. @throws {WriterFencedOffError} when a newer holder of the writer lease has put it */
export async function putArchiveState(registry: Table, lease: WriterLease, state: ArchiveState): Promise<ArchiveState> {
  await putFenced(registry, lease, { ...stateKey(lease.useCase), ...state });
  return state;
}

function stateKey(useCase: string): Key {
  return { pk: partition(useCase, 'archive'), sk: 'state' };
}
