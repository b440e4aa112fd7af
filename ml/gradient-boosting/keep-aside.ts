import { type FitOptions, takeGroups } from '../fit-options.ts';
import { countFoldsAtMost, stratifiedKFold } from '../selection/stratified-k-fold.ts';

/**
 * Which of the rows early stopping keeps aside: 1 for those, one part of as many as the share goes into 1, with each class in it. Where a class has fewer
 * groups than that, the parts are fewer and larger; undefined where it has one only.
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
  const own = takeGroups(rows, groups);
  const parts = Math.min(Math.floor(1 / share + 0.5), countFoldsAtMost(labels, own));
  if (parts < 2) return undefined;
  return Uint8Array.from(stratifiedKFold(labels, own, parts, seed), part => (part === 0 ? 1 : 0));
}
