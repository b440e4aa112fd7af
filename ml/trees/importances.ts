import type { Tree } from './tree.ts';

/** How much trees rely on a feature; each figure is a share of all features', which add up to 1. */
export interface Importance {
  readonly name: string;
  /** Of what its splits took off the loss. */
  readonly gain: number;
  /** Of the weight of the rows that its splits parted. */
  readonly cover: number;
  /** Of the splits. */
  readonly frequency: number;
}

/** Adds up the splits by each feature. @param names of the features, in the order in which trees number them */
export function importancesOf(trees: readonly Tree[], names: readonly string[]): Importance[] {
  const sums = names.map(() => ({ gain: 0, cover: 0, frequency: 0 }));
  for (const { feature, gain, cover } of trees) {
    for (let node = 0; node < feature.length; node++) {
      const sum = sums[feature[node]!];
      if (!sum) continue;
      sum.gain += gain[node]!;
      sum.cover += cover[node]!;
      sum.frequency += 1;
    }
  }
  const total = (figure: keyof (typeof sums)[0]) => sums.reduce((all, sum) => all + sum[figure], 0) || 1;
  const totals = { gain: total('gain'), cover: total('cover'), frequency: total('frequency') };
  return names.map((name, i) => ({
    name,
    gain: sums[i]!.gain / totals.gain,
    cover: sums[i]!.cover / totals.cover,
    frequency: sums[i]!.frequency / totals.frequency,
  }));
}
