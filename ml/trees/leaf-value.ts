/** What leaf values are charged and kept within. */
export interface LeafOptions {
  /** L2 penalty. */
  readonly lambda: number;
  /** L1 penalty. */
  readonly alpha: number;
}

/** The least and the greatest value that the leaves below a node may have. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** The value that minimizes the penalized loss to second order, from the sums of derivatives; 0 where nothing speaks for another. */
export function leafValue(gradient: number, hessian: number, { lambda, alpha }: LeafOptions, bounds: Bounds): number {
  const shrunk = Math.max(Math.abs(gradient) - alpha, 0);
  const free = hessian + lambda > 0 ? (gradient < 0 ? shrunk : -shrunk) / (hessian + lambda) : 0;
  return Math.min(Math.max(free, bounds.low), bounds.high);
}

/** Twice what a leaf of that value takes off the loss. */
export function leafScore(gradient: number, hessian: number, { lambda, alpha }: LeafOptions, bounds: Bounds): number {
  if (bounds.low === Number.NEGATIVE_INFINITY && bounds.high === Number.POSITIVE_INFINITY) {
    const shrunk = Math.max(Math.abs(gradient) - alpha, 0);
    return hessian + lambda > 0 ? (shrunk * shrunk) / (hessian + lambda) : 0;
  }
  const value = leafValue(gradient, hessian, { lambda, alpha }, bounds);
  return -(((hessian + lambda) * value + (gradient + gradient)) * value + (alpha + alpha) * Math.abs(value));
}
