import { stratifiedKFold } from '../selection/stratified-k-fold.ts';

/**
 * Which of the rows early stopping keeps aside: 1 for those, of each class its share; undefined where a class is too rare to be shared.
 *
 * @param groups of all rows of the data, of which `rows` are some
 */
export function keepAside(
  labels: Uint8Array,
  rows: Int32Array,
  groups: ArrayLike<string | number> | undefined,
  share: number,
  seed: number,
): Uint8Array | undefined {
  const parts = Math.floor(1 / share + 0.5);
  const own = groups ? Array.from(rows, row => groups[row]!) : rows;
  if (rarestClass(labels, own) < parts) return undefined;
  return Uint8Array.from(stratifiedKFold(labels, own, parts, seed), part => (part === 0 ? 1 : 0));
}

/** How many groups have rows of the class that the fewest have. */
function rarestClass(labels: Uint8Array, groups: ArrayLike<string | number>): number {
  const seen = [new Set<string | number>(), new Set<string | number>()];
  for (let i = 0; i < labels.length; i++) seen[labels[i]!]!.add(groups[i]!);
  return Math.min(seen[0]!.size, seen[1]!.size);
}
