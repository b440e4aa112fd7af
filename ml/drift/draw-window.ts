import type { Random } from '../random.ts';
import { drawBinomial } from './binomial.ts';
import { drawGamma } from './gamma.ts';

// Looked up once: where tests run, each look at a global costs more than a draw.
const { max, min } = Math;

/**
 * Draws the counts of a window whose rows come from where the reference's came from. The reference is a sample as well, so its bins' true shares are
 * drawn first, from what its counts leave open: a Dirichlet distribution with a row more in each bin. For bins that were cut at quantiles of the
 * reference it is the distribution of the shares between order statistics; for levels, the one under which a level that the reference lacks is not
 * taken for impossible.
 *
 * @param shares scratch, as many as there are bins
 * @param counts OUT: rows of the window in each bin
 */
export function drawNullWindow(
  reference: readonly number[],
  rows: number,
  random: Random,
  shares: Float64Array,
  counts: Int32Array,
): void {
  for (let bin = 0; bin < shares.length; bin++) shares[bin] = drawGamma(reference[bin]! + 1, random);
  drawWindow(shares, rows, random, counts);
}

/** Draws the counts of independent rows over bins. @param weights of the bins, of any sum above 0 @param counts OUT */
export function drawWindow(weights: ArrayLike<number>, rows: number, random: Random, counts: Int32Array): void {
  let restWeight = 0;
  for (let bin = 0; bin < weights.length; bin++) restWeight += weights[bin]!;
  let restRows = rows;
  for (let bin = 0; bin < weights.length; bin++) {
    const isLast = bin === weights.length - 1;
    // Rounding can leave a rest below the weight, or of nothing.
    const share = weights[bin] === 0 ? 0 : min(1, weights[bin]! / max(restWeight, weights[bin]!));
    const drawn = isLast ? restRows : drawBinomial(restRows, share, random);
    counts[bin] = drawn;
    restRows -= drawn;
    restWeight -= weights[bin]!;
  }
}
