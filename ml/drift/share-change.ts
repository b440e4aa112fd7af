import { exp } from '../arithmetic/exp.ts';
import { logFactorial } from '../arithmetic/log-factorial.ts';
import { logGamma } from '../arithmetic/log-gamma.ts';

/** Rows of a kind among rows, in the reference and in a window. */
export interface ShareChange {
  readonly reference: { readonly count: number; readonly rows: number };
  readonly window: { readonly count: number; readonly rows: number };
}

/**
 * Probability of a count as far off, to either side, in a window without drift. Given the reference, counts of a window are beta-binomial; each tail is that
 * of Fisher's exact test (Altham, "Exact Bayesian analysis of a 2 × 2 contingency table", 1969), so nothing has to be simulated.
 */
export function shareChangePValue({ reference, window }: ShareChange): number {
  const above = upperTail(window.count, reference, window.rows);
  // As few rows of a kind as these are as many of the others.
  const others = { count: reference.rows - reference.count, rows: reference.rows };
  const below = upperTail(window.rows - window.count, others, window.rows);
  return Math.min(1, 2 * Math.min(above, below));
}

/** Least count above the reference's share with a p-value of at most `level`; more than there are rows where none is. */
export function shareThreshold({ reference, window: { rows } }: ShareChange, level: number): number {
  let [low, high] = [Math.ceil((reference.count / reference.rows) * rows), rows + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (2 * upperTail(middle, reference, rows) <= level) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Probability that a share that grew by `effect` gives a count of at least `threshold`. */
export function sharePower({ reference, window: { rows } }: ShareChange, effect: number, threshold: number): number {
  const share = Math.min(1, reference.count / reference.rows + effect);
  // As a beta-binomial of a reference so large that it leaves nothing open.
  const certain = 1e7;
  return upperTail(threshold, { count: share * certain, rows: certain }, rows);
}

/** P(count of the window ≥ `count`), summed from the side where there is less of it. */
function upperTail(count: number, reference: ShareChange['reference'], rows: number): number {
  if (count > rows) return 0;
  if (count <= 0 || reference.count >= reference.rows) return 1;
  const [a, b] = [reference.count + 1, reference.rows - reference.count];
  const isUpper = count > (rows * a) / (a + b);
  return isUpper ? sumFrom(count, 1, { a, b, rows }) : 1 - sumFrom(count - 1, -1, { a, b, rows });
}

/** Sums the beta-binomial's masses from a count on, upwards or downwards, until they no longer matter. */
function sumFrom(count: number, step: 1 | -1, { a, b, rows }: { a: number; b: number; rows: number }): number {
  let mass = exp(logChoose(rows, count) + logBeta(count + a, rows - count + b) - logBeta(a, b));
  let sum = 0;
  for (let k = count; k >= 0 && k <= rows && mass > sum * 1e-17; k += step) {
    sum += mass;
    mass *=
      step === 1
        ? ((rows - k) * (k + a)) / ((k + 1) * (rows - k - 1 + b))
        : (k * (rows - k + b)) / ((rows - k + 1) * (k - 1 + a));
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
