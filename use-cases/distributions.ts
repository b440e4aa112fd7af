import type { Random } from '../ml/random.ts';

/** How often each level comes, in any unit: they need not sum to 1. */
export type Weights<Level extends string = string> = Readonly<Record<Level, number>>;

/** Values at the cumulated shares, which rise from 0 to 1; linear in between. */
export type Quantiles = readonly (readonly [share: number, value: number])[];

/** Is true with the given probability. */
export function chance(random: Random, probability: number): boolean {
  return random.uniform() < probability;
}

/** Draws a level by its weight. */
export function pick<Level extends string>(random: Random, weights: Weights<Level>): Level {
  const levels = Object.keys(weights) as Level[];
  let rest = random.uniform() * levels.reduce((sum, level) => sum + weights[level], 0);
  for (const level of levels) {
    rest -= weights[level];
    if (rest < 0) return level;
  }
  return levels.at(-1)!;
}

/** The value below which a share in [0, 1) of the distribution lies: of a uniform share, a draw from it. */
export function quantile(quantiles: Quantiles, share: number): number {
  const above = Math.max(
    1,
    quantiles.findIndex(([at]) => at >= share),
  );
  const [from, low] = quantiles[above - 1]!;
  const [to, high] = quantiles[above]!;
  return low + ((high - low) * (share - from)) / (to - from);
}

/** Probability of log-odds. */
export function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
