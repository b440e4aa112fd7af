import type { Candidate } from '../../ml/model.ts';
import type { CurvePoint } from '../../ml/training-curve.ts';
import { ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import type { SequenceRange } from '../datasets/manifest.ts';
import type { FoldMetrics } from '../training/cross-validate.ts';
import type { Evaluation } from '../training/evaluation.ts';
import type { Runtime } from '../training/runtime.ts';
import { type Arrival, recordArrival, walkArrivals } from './arrivals.ts';
import { partition, withoutKey } from './keys.ts';

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

/** The record of one trial. The same content, code, parameters and seed are the same run. */
interface TrialRecord {
  readonly runId: string;
  readonly useCase: string;
  /** The first experiment that had this trial. */
  readonly experimentId: string;
  /** The algorithm and all its parameters, defaults filled in. */
  readonly parameters: Candidate;
  readonly seed: number;
  readonly manifestKey: string;
  readonly tags: RunTags;
  /** ISO instant. */
  readonly startedAt: string;
  /** Real seconds. */
  readonly seconds: number;
  /** ARN of the execution that trained. */
  readonly createdBy: string;
}

/** A trial that came to its end. */
export interface Run extends TrialRecord {
  readonly status: 'finished';
  readonly foldMetrics: FoldMetrics;
  /** Rows that each fold was evaluated on. */
  readonly foldRows: readonly { readonly rows: number; readonly positives: number }[];
  /** How the fits of the folds came along, on average: 50 points at most, none where the algorithm has no iterations to tell of. */
  readonly curve: readonly CurvePoint[];
  /** Probability at or above which the decision is positive: the most profitable one out of fold. */
  readonly threshold: number;
  /** Rows outside and inside the holdout. */
  readonly trainingRows: number;
  readonly holdoutRows: number;
  /** Memory of the function, and the most that was seen in use, in megabytes. */
  readonly memoryMb: number;
  readonly peakMemoryMb: number;
  /** What was predicted for each training row by a model that had not seen it. */
  readonly outOfFold: { readonly key: string; readonly sha256: string };
  /** The model fitted on all training rows; null unless the trial was selected. */
  readonly model: RunModel | null;
}

/** The model of a selected run. */
export interface RunModel {
  readonly modelSha256: string;
  readonly modelBytes: number;
  /** Largest difference of a probability between the exported model and the trainer. */
  readonly parity: number;
  readonly metrics: { readonly outOfFold: Evaluation; readonly holdout: Evaluation };
  /** What it was fitted on. */
  readonly runtime: Runtime;
  /** ISO instant, and real seconds, of the fit. */
  readonly startedAt: string;
  readonly seconds: number;
}

/** A trial that failed; another attempt may still finish it. */
export interface FailedRun extends TrialRecord {
  readonly status: 'failed';
  readonly error: { readonly name: string; readonly cause: string };
}

/** What is on record of a trial. */
export type TrackedRun = Run | FailedRun;

/** Thrown when no run has the id, or it has not come to its end. */
export class RunNotFoundError extends Error {
  override readonly name = 'RunNotFoundError';

  constructor(useCase: string, runId: string) {
    super(`Use case "${useCase}" has no finished run ${runId}`);
  }
}

type RunItem = TrackedRun & Key;

/** Puts a run, unless it has finished before: its first training to the end is the one on record. @returns whether it was put */
export async function putRun(registry: Table, run: TrackedRun): Promise<boolean> {
  await recordArrival(registry, run.useCase, 'run', arrivalOf(run));
  try {
    await registry.put(
      { ...runKey(run.useCase, run.runId), ...run },
      {
        expression: 'attribute_not_exists(pk) OR #status = :failed',
        names: { status: 'status' },
        values: { failed: 'failed' },
      },
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionFailedError) return false;
    throw error;
  }
}

/** Puts the model of a finished run, or a mended one in its place: the same fit, and so the same bytes. */
export async function putRunModel(
  registry: Table,
  { useCase, runId }: Pick<Run, 'useCase' | 'runId'>,
  model: RunModel,
): Promise<void> {
  await registry.update(
    runKey(useCase, runId),
    { expression: 'SET #model = :model', names: { model: 'model' }, values: { model } },
    'attribute_exists(pk)',
  );
}

/** Reads a run, or undefined when none has the id. */
export async function findRun(registry: Table, useCase: string, runId: string): Promise<TrackedRun | undefined> {
  const item = await registry.get<RunItem>(runKey(useCase, runId));
  return item && withoutKey(item);
}

/** Reads a run, however it ended. @throws {RunNotFoundError} */
export async function readTrackedRun(registry: Table, useCase: string, runId: string): Promise<TrackedRun> {
  const run = await findRun(registry, useCase, runId);
  if (!run) throw new RunNotFoundError(useCase, runId);
  return run;
}

/** Reads a run that has finished, or undefined. */
export async function findFinishedRun(registry: Table, useCase: string, runId: string): Promise<Run | undefined> {
  const run = await findRun(registry, useCase, runId);
  return run?.status === 'finished' ? run : undefined;
}

/** Goes back through the runs of a use case, the one that started last first. @param before a run beyond which it begins */
export async function* walkRuns(registry: Table, useCase: string, before?: TrackedRun): AsyncGenerator<TrackedRun> {
  for await (const { at, id } of walkArrivals(registry, useCase, 'run', before && arrivalOf(before))) {
    const run = await findRun(registry, useCase, id);
    // One that failed may have given way to a later attempt, which has a place of its own.
    if (run?.startedAt === at) yield run;
  }
}

/** Reads all runs of a use case, the one that started last first: for those who sort and filter them. */
export async function listRuns(registry: Table, useCase: string): Promise<TrackedRun[]> {
  const items = await registry.query<RunItem>(partition(useCase, 'run'));
  return items.map(withoutKey).sort((left, right) => (left.startedAt < right.startedAt ? 1 : -1));
}

function arrivalOf({ startedAt, runId }: TrackedRun): Arrival {
  return { at: startedAt, id: runId };
}

function runKey(useCase: string, runId: string): Key {
  return { pk: partition(useCase, 'run'), sk: runId };
}
