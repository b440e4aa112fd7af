import { log } from '../arithmetic/log.ts';
import type { WeighedRows } from './log-loss.ts';

/** All weights 0, and the intercept that predicts the weighed share of positives. */
export function startingPoint({ matrix, labels, classWeights }: WeighedRows): Float64Array {
  const weights = new Float64Array(matrix.columnCount + 2);
  let positives = 0;
  for (const label of labels) positives += label;
  const negatives = labels.length - positives;
  weights[matrix.columnCount + 1] = log((classWeights.positive * positives) / (classWeights.negative * negatives));
  return weights;
}
