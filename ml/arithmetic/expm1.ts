import { exp, inverseFactorials } from './exp.ts';
import { ln2High, ln2Low } from './ln2.ts';
import { scale } from './scale.ts';

/**
 * eˣ − 1 within 1 ulp, accurate near 0, bit for bit the same on every machine (`Math.expm1` is not).
 *
 * x = k ln 2 + r as in `exp`; eˣ − 1 = 2ᵏ ((1 − 2⁻ᵏ) + r + r²/2 + r³ …). The first three terms may cancel, so their rounding errors are kept.
 */
export function expm1(x: number): number {
  if (x === 0) return x;
  if (x > 44) return exp(x);
  if (x < -44) return -1;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const square = r * r;
  const halfSquare = 0.5 * square;
  const offset = 1 - scale(1, -k);
  const first = offset + high;
  const second = first + halfSquare;
  const lost = lostBySum(offset, high, first) + lostBySum(first, halfSquare, second) + 0.5 * lostBySquare(r, square);
  return scale(second + (lost + (square * r * cubicTail(r) - low)), k);
}

/** a + b − sum, exactly, where sum = a + b rounded. */
function lostBySum(a: number, b: number, sum: number): number {
  const rounded = sum - a;
  return a - (sum - rounded) + (b - rounded);
}

/** r² − square, exactly, where square = r² rounded: r is split into two halves whose products are exact. */
function lostBySquare(r: number, square: number): number {
  const scaled = r * 134217729;
  const high = scaled - (scaled - r);
  const low = r - high;
  return high * high - square + 2 * high * low + low * low;
}

/** (eʳ − 1 − r − r²/2) / r³ for |r| ≤ 0.35. */
function cubicTail(r: number): number {
  const tail = c[7]! + r * (c[8]! + r * (c[9]! + r * (c[10]! + r * (c[11]! + r * c[12]!))));
  return c[0]! + r * (c[1]! + r * (c[2]! + r * (c[3]! + r * (c[4]! + r * (c[5]! + r * (c[6]! + r * tail))))));
}

const c: readonly number[] = inverseFactorials(3, 15);
