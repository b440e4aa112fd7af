import { hash } from 'node:crypto';
import type { Routing, Variant } from '../release/ledger.ts';

/**
 * Picks the variant that answers for a unit: always the same one for the same routing and unit.
 * The first challenger owns the units that hash below its share, the second those at the upper end, the third those next to the first's, and so on;
 * the champion has what is left between. So as the share of one grows, or that of each of two, units move from the champion to it and nowhere else.
 *
 * @param unit entity id, or the prediction id where there is none
 */
export function pickVariant({ salt, variants }: Routing, unit: string): Variant {
  const [champion, ...challengers] = variants;
  if (challengers.length === 0) return champion!;
  const point = hashToUnitInterval(salt, unit);
  let low = 0;
  let high = 1;
  for (const [index, challenger] of challengers.entries()) {
    if (index % 2 === 0) {
      low += challenger.share;
      if (point < low) return challenger;
    } else {
      high -= challenger.share;
      if (point >= high) return challenger;
    }
  }
  return champion!;
}

/** Uniform in [0, 1), from the first 48 bits of a SHA-256. */
function hashToUnitInterval(salt: string, unit: string): number {
  return Number.parseInt(hash('sha256', `${salt}\n${unit}`, 'hex').slice(0, 12), 16) / 2 ** 48;
}
