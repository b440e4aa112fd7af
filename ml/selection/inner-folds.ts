import { countFoldsAtMost, stratifiedKFold } from './stratified-k-fold.ts';

/**
 * Inner fold of each fitted row, by which a fit judges itself: of five stratified folds, or of as many as the rarer class has groups.
 *
 * @param groups the group of each row
 * @throws {RangeError} when a class has fewer than two groups
 */
export function splitInner(labels: Uint8Array, groups: ArrayLike<string | number>, seed: number): Int32Array {
  const most = countFoldsAtMost(labels, groups);
  if (most < 2) {
    throw new RangeError(
      `Cannot part ${labels.length} rows into inner folds: a class has ${most} of them, entities counted once, expected two or more of each`,
    );
  }
  return stratifiedKFold(labels, groups, Math.min(most, 5), seed);
}

/** How many folds there are. */
export function countFolds(foldOfRow: Int32Array): number {
  return foldOfRow.reduce((last, fold) => Math.max(last, fold), 0) + 1;
}
