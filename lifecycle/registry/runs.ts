import type { Candidate } from '../../ml/model.ts';
import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import type { SequenceRange } from '../datasets/manifest.ts';
import type { FoldMetrics } from '../training/cross-validate.ts';
import type { Evaluation } from '../training/evaluation.ts';
import { partition } from './keys.ts';

/** Where a run's rows came from, in the words that people filter by. */
export interface RunTags {
  /** Snapshot ids are decimal strings: 64 bits do not fit a number. */
  readonly iceberg_snapshot_id: string;
  /** Null for a table's first snapshot. */
  readonly iceberg_parent_id: string | null;
  readonly iceberg_committed_at: string;
  readonly row_count: number;
  readonly ingest_seq: SequenceRange;
  readonly label_seq: SequenceRange;
  readonly dataset_id: string;
  /** sha256 of the rows, whatever their order and files. */
  readonly content_hash: string;
  /** sha256 of the trainer's bundle, kept as `code/<sha256>.mjs`. */
  readonly code_version: string;
}

/** One candidate fitted and evaluated on one dataset. The same content, code, parameters and seed are the same run. */
export interface Run {
  readonly runId: string;
  readonly useCase: string;
  /** The algorithm and all its parameters, defaults filled in. */
  readonly parameters: Candidate;
  readonly seed: number;
  readonly manifestKey: string;
  readonly tags: RunTags;
  readonly foldMetrics: FoldMetrics;
  readonly metrics: { readonly outOfFold: Evaluation; readonly holdout: Evaluation };
  /** Probability at or above which the decision is positive: the most profitable one out of fold. */
  readonly threshold: number;
  readonly modelSha256: string;
  readonly modelBytes: number;
  /** Largest difference of a probability between the exported model and the trainer. */
  readonly parity: number;
  /** Rows that were fitted on, and those of the holdout. */
  readonly trainingRows: number;
  readonly holdoutRows: number;
  /** ISO instant. */
  readonly startedAt: string;
  readonly seconds: number;
  /** ARN of the execution that trained. */
  readonly createdBy: string;
}

type RunItem = Run & Key;

/** Puts a run, unless it is there: its first training is the one on record. */
export async function putRun(registry: Table, run: Run): Promise<void> {
  try {
    await registry.put({ ...runKey(run.useCase, run.runId), ...run }, absent);
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
  }
}

/** Reads a run, or undefined when none has the id. */
export async function findRun(registry: Table, useCase: string, runId: string): Promise<Run | undefined> {
  const item = await registry.get<RunItem>(runKey(useCase, runId));
  if (!item) return undefined;
  const { pk, sk, ...run } = item;
  return run;
}

function runKey(useCase: string, runId: string): Key {
  return { pk: partition(useCase, 'run'), sk: runId };
}
