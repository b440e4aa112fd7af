import type { Random } from '../ml/random.ts';

/** How often each level comes, in any unit: they need not sum to 1. */
export type Weights<Level extends string = string> = Readonly<Record<Level, number>>;

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

/**
 * Makes the quantile function of a distribution: from a share in [0, 1] to the value below which that share lies, linear in between. Of uniform shares it makes draws.
 *
 * @param quantiles values by share, from 0 to 1
 */
export function quantileFunction(quantiles: Readonly<Record<number, number>>): (share: number) => number {
  const shares = Object.keys(quantiles)
    .map(Number)
    .sort((left, right) => left - right);
  return share => {
    const above = shares.findIndex((at, index) => index > 0 && at >= share);
    const [from, to] = [shares[above - 1]!, shares[above]!];
    const [low, high] = [quantiles[from]!, quantiles[to]!];
    return low + ((high - low) * (share - from)) / (to - from);
  };
}

/** The nearest value in [low, high]. */
export function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Rounds to so many decimal places. */
export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/** Probability of log-odds. */
export function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
