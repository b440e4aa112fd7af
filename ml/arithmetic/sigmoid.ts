import { exp } from './exp.ts';

/** 1 / (1 + e⁻ˣ), without overflow and without loss in either tail. */
export function sigmoid(x: number): number {
  const small = exp(-Math.abs(x));
  return (x < 0 ? small : 1) / (1 + small);
}
