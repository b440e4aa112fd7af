import { logGamma } from './log-gamma.ts';

/** ln n! for integers n ≥ 0, as `logGamma(n + 1)`; small ones are computed once. */
export function logFactorial(n: number): number {
  if (n < 2) return 0;
  if (n >= known.length) return logGamma(n + 1);
  if (known[n] === 0) known[n] = logGamma(n + 1);
  return known[n]!;
}

/** 0 for those that nobody has asked for. */
const known = new Float64Array(16_384);
