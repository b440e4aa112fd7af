import { createRandom } from '../random.ts';
import { stratifiedKFold } from './stratified-k-fold.ts';

/** How often rows are split, and into how many folds. */
export interface RepeatedKFoldOptions {
  readonly folds: number;
  readonly repeats: number;
  readonly seed: number;
}

/**
 * Splits the same rows several times into stratified folds, each time in another random order: the fold of each row, once for each repeat.
 *
 * @param groups the group (entity) of each row; rows of one group share a fold in every repeat
 * @throws {RangeError} when a class has fewer groups than there are folds
 */
export function repeatedKFold(
  labels: Uint8Array,
  groups: ArrayLike<string | number>,
  { folds, repeats, seed }: RepeatedKFoldOptions,
): Int32Array[] {
  if (!(Number.isInteger(repeats) && repeats > 0)) throw new RangeError(`repeats is ${repeats}, expected 1 or more`);
  const random = createRandom(seed);
  return Array.from({ length: repeats }, () => stratifiedKFold(labels, groups, folds, random.integer(seeds)));
}

/** How many seeds to draw from: 2³². */
const seeds = 4294967296;
