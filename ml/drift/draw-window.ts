import { drawGamma } from '../distributions/gamma.ts';
import { drawMultinomial } from '../distributions/multinomial.ts';
import type { Random } from '../random.ts';

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
  drawMultinomial(shares, rows, random, counts);
}
