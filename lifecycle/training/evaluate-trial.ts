import { getHeapStatistics } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { bestThreshold } from '../../ml/metrics/best-threshold.ts';
import { type CurvePoint, summarizeCurves } from '../../ml/training-curve.ts';
import type { Threads } from '../../ml/trees/threads.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Dataset } from '../datasets/read-dataset.ts';
import type { Run } from '../registry/runs.ts';
import { type CrossValidation, crossValidate, measureFolds } from './cross-validate.ts';
import type { Trial } from './plan-trials.ts';
import { splitRows } from './split-rows.ts';

/** How a candidate does on rows that it was not fitted on. */
export interface TrialEvaluation
  extends Pick<Run, 'foldMetrics' | 'foldRows' | 'curve' | 'threshold' | 'peakMemoryMb'> {
  /** Rows of the dataset that are outside the holdout, and inside. */
  readonly trainingRows: Int32Array;
  readonly holdoutRows: Int32Array;
  readonly outOfFold: CrossValidation;
}

/** Thrown when a candidate cannot be fitted or answers no number: a fact about the candidate, which another attempt would find again. */
export class TrialFailedError extends Error {
  override readonly name = 'TrialFailedError';
}

/**
 * Cross-validates a candidate outside the holdout and chooses its threshold there.
 *
 * @throws {TrialFailedError}
 */
export function evaluateTrial(
  useCase: UseCase,
  dataset: Dataset,
  { parameters, seed }: Omit<Trial, 'runId'>,
  threads?: Threads,
): TrialEvaluation {
  const { trainingRows, holdoutRows } = splitRows(dataset.entityIds);
  const { entityIds } = dataset;
  const { folds } = useCase.training;
  const curves: CurvePoint[][] = Array.from({ length: folds }, () => []);
  let peakMemoryMb = 0;
  const lookAtMemory = () => {
    peakMemoryMb = Math.max(peakMemoryMb, usedMemoryMb());
  };
  const outOfFold = attempt(() =>
    crossValidate({
      ...{ data: dataset, entityIds, rows: trainingRows, parameters, seed, folds, threads },
      onIteration: (fold, point) => {
        curves[fold]!.push(point);
        lookAtMemory();
      },
      onFold: lookAtMemory,
    }),
  );
  const { scores } = outOfFold;
  const row = scores.findIndex(score => !(score >= 0 && score <= 1));
  if (row !== -1)
    throw new TrialFailedError(`Model answers ${scores[row]} for training row ${row}, which is no probability`);
  return {
    ...{ trainingRows, holdoutRows, outOfFold, peakMemoryMb },
    threshold: chooseThreshold(useCase, outOfFold),
    // A fold's own labels have no say in how its rows are decided.
    foldMetrics: measureFolds(outOfFold, fold => chooseThreshold(useCase, outOfFold, fold)),
    foldRows: countFoldRows(outOfFold, folds),
    curve: summarizeCurves(curves, curvePoints),
  };
}

function attempt<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw new TrialFailedError((error as Error).message, { cause: error });
  }
}

/** The most profitable threshold out of fold. @param without a fold that is not looked at */
function chooseThreshold(
  { decision }: UseCase,
  { labels, scores, foldOfRow }: CrossValidation,
  without?: number,
): number {
  const isSeen = (_: number, index: number) => foldOfRow[index] !== without;
  return bestThreshold(labels.filter(isSeen), scores.filter(isSeen), decision.profit).threshold;
}

/** Points of a run's curve at most: as many as a picture shows, in few kilobytes. */
const curvePoints = 50;

function countFoldRows({ labels, foldOfRow }: CrossValidation, folds: number) {
  const counts = Array.from({ length: folds }, () => ({ rows: 0, positives: 0 }));
  foldOfRow.forEach((fold, index) => {
    counts[fold]!.rows += 1;
    counts[fold]!.positives += labels[index]!;
  });
  return counts;
}

/** Memory that the program holds. Of one thread of several only its own is known, without what WebAssembly shares among threads. */
function usedMemoryMb(): number {
  if (isMainThread) return Math.round(process.memoryUsage.rss() / 2 ** 20);
  const { total_heap_size, external_memory } = getHeapStatistics();
  return Math.round((total_heap_size + external_memory) / 2 ** 20);
}
