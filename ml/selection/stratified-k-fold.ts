import { createRandom, shuffle } from '../random.ts';

/**
 * Fold of each row, in [0, folds): every fold gets its share of each class, and the rows of one group stay together.
 *
 * Groups are taken from the largest to the smallest, in random order among equals, each to the fold that has the smallest shares of the group's
 * classes so far. With groups of one row the folds' counts of each class differ by one at most.
 *
 * @param groups the group (entity) of each row, as the same text or number
 * @throws {RangeError} when a class has fewer groups than there are folds
 */
export function stratifiedKFold(
  labels: Uint8Array,
  groups: ArrayLike<string | number>,
  folds: number,
  seed: number,
): Int32Array {
  const { groupOfRow, negatives, positives } = countClasses(labels, groups);
  checkFolds(negatives, positives, folds);
  const foldOfGroup = assign(inOrder(negatives, positives, seed), negatives, positives, folds);
  return groupOfRow.map(group => foldOfGroup[group]!);
}

/** As many folds as rows can be split into: each needs a group with rows of either class. */
export function countFoldsAtMost(labels: Uint8Array, groups: ArrayLike<string | number>): number {
  const { negatives, positives } = countClasses(labels, groups);
  return fewestGroups(negatives, positives);
}

interface GroupCounts {
  /** Number of each row's group, in the order of first appearance. */
  readonly groupOfRow: Int32Array;
  /** Negatives and positives of each group. */
  readonly negatives: Int32Array;
  readonly positives: Int32Array;
}

function countClasses(labels: Uint8Array, groups: ArrayLike<string | number>): GroupCounts {
  const numbers = new Map<string | number, number>();
  const groupOfRow = Int32Array.from(labels, (_, row) => {
    const group = groups[row]!;
    const known = numbers.get(group);
    if (known !== undefined) return known;
    numbers.set(group, numbers.size);
    return numbers.size - 1;
  });
  const negatives = new Int32Array(numbers.size);
  const positives = new Int32Array(numbers.size);
  groupOfRow.forEach((group, row) => {
    negatives[group]! += 1 - labels[row]!;
    positives[group]! += labels[row]!;
  });
  return { groupOfRow, negatives, positives };
}

/** How many groups have rows of the class that the fewest have. */
function fewestGroups(negatives: Int32Array, positives: Int32Array): number {
  const groupsWith = (counts: Int32Array) => counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return Math.min(groupsWith(negatives), groupsWith(positives));
}

function checkFolds(negatives: Int32Array, positives: Int32Array, folds: number): void {
  const fewest = fewestGroups(negatives, positives);
  if (!(Number.isInteger(folds) && folds >= 2))
    throw new RangeError(`Cannot split into ${folds} folds: expected 2 or more`);
  if (fewest < folds) {
    throw new RangeError(
      `Cannot split into ${folds} folds: a class occurs in ${fewest} groups, expected at least one a fold`,
    );
  }
}

/** Groups from the largest to the smallest, shuffled among equals. */
function inOrder(negatives: Int32Array, positives: Int32Array, seed: number): Int32Array {
  const sizeOf = (group: number) => negatives[group]! + positives[group]!;
  const order = shuffle(
    Int32Array.from(negatives, (_, group) => group),
    createRandom(seed),
  );
  // Sorting is stable, so equals stay shuffled.
  return order.sort((a, b) => sizeOf(b) - sizeOf(a));
}

/** Fold of each group. */
function assign(order: Int32Array, negatives: Int32Array, positives: Int32Array, folds: number): Int32Array {
  const foldOfGroup = new Int32Array(order.length);
  const negativesOf = new Float64Array(folds);
  const positivesOf = new Float64Array(folds);
  const all = { negatives: sum(negatives), positives: sum(positives) };
  for (const group of order) {
    let best = 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < folds; fold++) {
      const load =
        (negatives[group]! * negativesOf[fold]!) / all.negatives +
        (positives[group]! * positivesOf[fold]!) / all.positives;
      if (load < lowest) {
        lowest = load;
        best = fold;
      }
    }
    foldOfGroup[group] = best;
    negativesOf[best]! += negatives[group]!;
    positivesOf[best]! += positives[group]!;
  }
  return foldOfGroup;
}

function sum(counts: Int32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
