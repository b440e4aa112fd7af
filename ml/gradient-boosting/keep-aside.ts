import { type FitOptions, takeGroups } from '../fit-options.ts';
import { countFoldsAtMost, stratifiedKFold } from '../selection/stratified-k-fold.ts';

/**
 * Which of the rows early stopping keeps aside: 1 for those, of each class its share; undefined where a class is too rare to be shared.
 *
 * @param groups of all rows of the data, of which `rows` are some
 */
export function keepAside(
  labels: Uint8Array,
  rows: Int32Array,
  groups: FitOptions['groups'],
  share: number,
  seed: number,
): Uint8Array | undefined {
  const parts = Math.floor(1 / share + 0.5);
  const own = takeGroups(rows, groups);
  if (countFoldsAtMost(labels, own) < parts) return undefined;
  return Uint8Array.from(stratifiedKFold(labels, own, parts, seed), part => (part === 0 ? 1 : 0));
}
