import { logOfSum } from './log.ts';

/** ln(1 + x) within 1 ulp, accurate near 0, bit for bit the same on every machine (`Math.log1p` is not). */
export function log1p(x: number): number {
  if (x > -tiny && x < tiny) return x;
  if (x <= -1) return x === -1 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (!(x < Number.POSITIVE_INFINITY)) return x;
  const sum = 1 + x;
  const lost = x < 1 ? x - (sum - 1) : 1 - (sum - x);
  return logOfSum(sum, lost);
}

/** 2⁻⁵⁴: below it x²/2 is less than half a unit in the last place of x. */
const tiny = 5.551115123125783e-17;
