import { exp } from './exp.ts';
import { log1p } from './log1p.ts';

/** 1 / (1 + e⁻ˣ), without overflow and without loss in either tail. */
export function sigmoid(x: number): number {
  const small = exp(-Math.abs(x));
  return (x < 0 ? small : 1) / (1 + small);
}

/** ln(1 + eˣ), without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}
