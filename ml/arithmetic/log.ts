import { ln2High, ln2Low } from './ln2.ts';

/** Natural logarithm within 1 ulp, bit for bit the same on every machine (`Math.log` is not). */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return logOfSpecial(x);
  return logOfSum(x, 0);
}

function logOfSpecial(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return x > 0 ? x : Number.NaN;
}

/**
 * ln(x + c) for finite x > 0 and |c| ≤ ulp(x): the last bits of a sum that did not fit into x.
 *
 * x = 2ᵏ (1 + f) with 1 + f in [√½, √2); ln(1 + f) = 2 artanh(s), s = f / (2 + f), by its Taylor series, written as
 * f − f²/2 + s (f²/2 + R) since f is exact and the rest is small.
 */
export function logOfSum(x: number, c: number): number {
  let k = 0;
  let normal = x;
  if (x < smallestNormal) {
    normal = x * 18014398509481984;
    k = -54;
  }
  bits.setFloat64(0, normal);
  const high = bits.getInt32(0);
  k += (high >> 20) - 1023;
  bits.setInt32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m >= Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const half = 0.5 * f * f;
  return k * ln2High + (f - (half - (s * (half + z * artanhTail(z)) + (k * ln2Low + c / x))));
}

/** Σ 2 zⁿ / (2n + 3) for z ≤ 0.03, cut where a term is below 2⁻⁶⁰. */
function artanhTail(z: number): number {
  const tail = 2 / 13 + z * (2 / 15 + z * (2 / 17 + z * (2 / 19 + z * (2 / 21 + z * (2 / 23)))));
  return 2 / 3 + z * (2 / 5 + z * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * tail))));
}

const bits = new DataView(new ArrayBuffer(8));
const smallestNormal = 2.2250738585072014e-308;
