import { ln2High, ln2Low } from './ln2.ts';
import { scale } from './scale.ts';

// Looked up once: where tests run, each look at a global costs more than the rest of the function.
const { floor, LOG2E } = Math;

/**
 * eˣ within 1 ulp, bit for bit the same on every machine (`Math.exp` is not).
 *
 * x = k ln 2 + r with |r| ≤ ln 2 / 2; eˣ = 2ᵏ eʳ, eʳ by its Taylor series.
 */
export function exp(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (!(x >= -745.1332191019412)) return Number.isNaN(x) ? x : 0;
  const k = floor(x * LOG2E + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const sum = 1 + high;
  // What the sum lost goes back in with the small terms, so that only the last addition rounds noticeably.
  const lost = 1 - sum + high;
  return scale(sum + (lost + (r * r * expTail(r) - low)), k);
}

/** (eʳ − 1 − r) / r² for |r| ≤ 0.35: Σ rⁿ / (n + 2)!, cut where a term is below 2⁻⁶⁰ of the sum. */
function expTail(r: number): number {
  const tail = c[7]! + r * (c[8]! + r * (c[9]! + r * (c[10]! + r * (c[11]! + r * (c[12]! + r * c[13]!)))));
  return c[0]! + r * (c[1]! + r * (c[2]! + r * (c[3]! + r * (c[4]! + r * (c[5]! + r * (c[6]! + r * tail))))));
}

const c: readonly number[] = inverseFactorials(2, 15);

/** 1 / n! for n in [first, last]. */
export function inverseFactorials(first: number, last: number): number[] {
  const result: number[] = [];
  let factorial = 1;
  for (let n = 1; n <= last; n++) {
    factorial *= n;
    if (n >= first) result.push(1 / factorial);
  }
  return result;
}
