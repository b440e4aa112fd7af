import type { TrialSize } from '../../contracts/tasks.ts';
import type { Candidate } from '../../ml/model.ts';

/** What is known of a dataset before it is read. */
export interface DatasetSize {
  readonly rows: number;
  readonly features: number;
}

/** What a trial will about take of a function with one processor. */
export interface TrialCost {
  readonly seconds: number;
  readonly memoryMb: number;
}

/** More than that is not left to the standard function, which has 900 seconds and 1,769 MB. */
const limits: TrialCost = { seconds: 600, memoryMb: 1_300 };

/** Bytes that a value takes while a dataset is decoded, verified and sorted. */
const bytesPerValue = 60;
/** Columns beside the features: ids, times, numbers, labels. */
const otherColumns = 6;
/** Megabytes of the program itself. */
const programMb = 150;

/**
 * Estimates a trial from rows × features × trees. Right within a factor of two or three: good enough to choose a function's size by.
 *
 * @param folds models that are fitted, one for each
 */
export function estimateCost(candidate: Candidate, { rows, features }: DatasetSize, folds: number): TrialCost {
  const values = rows * (features + otherColumns);
  return {
    seconds: folds * fitsOf(candidate) * fitNanoseconds(candidate, rows * features, rows) * 1e-9,
    memoryMb: programMb + (values * bytesPerValue) / 2 ** 20,
  };
}

/** Chooses the function that a trial fits into. */
export function chooseSize({ seconds, memoryMb }: TrialCost): TrialSize {
  return seconds > limits.seconds || memoryMb > limits.memoryMb ? 'large' : 'standard';
}

/**
 * Models that one fit comes to: a resampled one takes a second to be calibrated by, on more rows or fewer; to choose C takes 45 on four fifths of the rows,
 * each of which starts near its end.
 */
function fitsOf({ resampling, ...candidate }: Candidate): number {
  return (resampling ? 3 : 1) * ('C' in candidate && candidate.C === 'auto' ? 16 : 1);
}

/** @param values rows × features */
function fitNanoseconds(candidate: Candidate, values: number, rows: number): number {
  const { algorithm, ...parameters } = candidate;
  const { trees = 1, maxDepth = 6 } = parameters as { trees?: number; maxDepth?: number };
  const byAlgorithm: Readonly<Record<string, number>> = {
    'logistic-regression': values * 200,
    'gradient-boosting': values * trees * maxDepth * 1.5,
    'random-forest': values * trees * maxDepth * 2,
    // Kernel rows: each of the rows with each other one.
    'support-vector': values * rows * 5,
  };
  return byAlgorithm[algorithm]!;
}
