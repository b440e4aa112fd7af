import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import { absent, ConditionFailedError, type Expression, type Key, type Table } from '../../platform/table.ts';
import { scoresStagingTable } from '../../use-cases/table-schemas.ts';
import type { InsertProgress } from '../datasets/insert-exactly-once.ts';
import { partition, sequenceKey, withoutKey } from '../registry/keys.ts';

/** What one run of batch scoring writes, and how far it is. */
export interface ScoringBatch extends InsertProgress {
  /** 1, 2, 3 …: the rows' `score_seq`. */
  readonly number: number;
  /** `failed`: no further try would score it. */
  readonly status: 'planned' | 'complete' | 'failed';
  /** Why it is given up; null while it is not. */
  readonly failure: string | null;
  /** ARN of the execution that works on it. */
  readonly executionId: string;
  /** ISO instant: the rows' `scored_at`. */
  readonly plannedAt: string;
  readonly version: number;
  readonly modelSha256: string;
  /** Probability at or above which the decision is positive. */
  readonly threshold: number;
  /** Key of the file that is scored; null for observations. */
  readonly file: string | null;
  /** Batch of observations up to which this version has scored all of them by then; null where the request was for less. */
  readonly through: number | null;
  /** How many there are. */
  readonly parts: number;
  /** Key of the list of them. */
  readonly partsKey: string;
  /** Known once all parts are scored. */
  readonly rows: number;
  readonly decidedPositive: number;
  readonly rejected: number;
}

/** Thrown when another execution works on the newest batch, or has begun one first. */
export class ScoringBusyError extends Error {
  override readonly name = 'ScoringBusyError';

  constructor(useCase: string, batch: number, holder: string, options?: ErrorOptions) {
    super(`Scoring batch ${batch} of "${useCase}" is in the hands of ${holder}, wait until it ends`, options);
  }
}

type BatchItem = ScoringBatch & Key;

/** Reads batches, newest first. */
export async function listScoringBatches(registry: Table, useCase: string, limit?: number): Promise<ScoringBatch[]> {
  const items = await registry.query<BatchItem>(partition(useCase, 'scoring'), { descending: true, limit });
  return items.map(withoutKey);
}

/** Reads a batch that is there. */
export async function readScoringBatch(registry: Table, useCase: string, number: number): Promise<ScoringBatch> {
  const item = await registry.get<BatchItem>(batchKey(useCase, number));
  if (!item) throw new Error(`Use case "${useCase}" has no scoring batch ${number}`);
  return withoutKey(item);
}

/**
 * Puts a batch as it is now.
 *
 * @param holder the execution in whose hands it is up to now; null claims the number
 * @throws {ScoringBusyError} when it is in other hands
 */
export async function putScoringBatch(
  registry: Table,
  useCase: string,
  batch: ScoringBatch,
  holder: string | null = batch.executionId,
): Promise<ScoringBatch> {
  const isHeld: Expression = {
    expression: '#executionId = :holder',
    names: { executionId: 'executionId' },
    values: { holder },
  };
  try {
    await registry.put({ ...batchKey(useCase, batch.number), ...batch }, holder === null ? absent : isHeld);
  } catch (cause) {
    if (!(cause instanceof ConditionFailedError)) throw cause;
    throw new ScoringBusyError(useCase, batch.number, 'another execution', { cause });
  }
  return batch;
}

/** Prefix of what a batch reads: observations, the list of parts, and what came of each. */
export function scoringPrefix(useCase: string, number: number): string {
  return `${bucketPrefixes.staging}${useCase}/scoring/${number}/`;
}

/** Prefix of what came of a batch's parts: an object for each that is scored. */
export function scoringResultsPrefix(useCase: string, number: number): string {
  return `${scoringPrefix(useCase, number)}results/`;
}

/** Key of what came of a part; it is there once the part's scores are. */
export function partResultKey(useCase: string, number: number, part: number): string {
  return `${scoringResultsPrefix(useCase, number)}${sequenceKey(part)}.json`;
}

/** Prefix of the scores of a batch, or of one of its parts. */
export function stagedScoresPrefix(useCase: string, number: number, part?: number): string {
  const prefix = `${scoresStagingTable({ id: useCase }).prefix}${number}/`;
  return part === undefined ? prefix : `${prefix}${sequenceKey(part)}-`;
}

function batchKey(useCase: string, number: number): Key {
  return { pk: partition(useCase, 'scoring'), sk: sequenceKey(number) };
}
