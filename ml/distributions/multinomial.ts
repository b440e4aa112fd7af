import type { Random } from '../random.ts';
import { drawBinomial } from './binomial.ts';

// Looked up once: where tests run, each look at a global costs more than a draw.
const { max, min } = Math;

/** Draws over how many categories so many trials fall. @param weights of the categories, of any sum above 0 @param counts OUT */
export function drawMultinomial(weights: ArrayLike<number>, trials: number, random: Random, counts: Int32Array): void {
  let restWeight = 0;
  for (let category = 0; category < weights.length; category++) restWeight += weights[category]!;
  let restTrials = trials;
  for (let category = 0; category < weights.length; category++) {
    const isLast = category === weights.length - 1;
    // Rounding can leave a rest below the weight, or of nothing.
    const share = weights[category] === 0 ? 0 : min(1, weights[category]! / max(restWeight, weights[category]!));
    const drawn = isLast ? restTrials : drawBinomial(restTrials, share, random);
    counts[category] = drawn;
    restTrials -= drawn;
    restWeight -= weights[category]!;
  }
}
