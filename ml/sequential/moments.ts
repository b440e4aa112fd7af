/** Sums over a stream of values from which mean, variance and skewness follow. Plain JSON. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sums of the second and third powers of the distances from the mean. */
  readonly squares: number;
  readonly cubes: number;
}

/** Before the first value. */
export const noMoments: Moments = { count: 0, mean: 0, squares: 0, cubes: 0 };

/** Takes one more value in, without loss of precision however many there are (Terriberry 2007, after Welford). */
export function addToMoments({ count: before, mean, squares, cubes }: Moments, value: number): Moments {
  const count = before + 1;
  const distance = value - mean;
  const step = distance / count;
  const square = distance * step * before;
  return {
    count,
    mean: mean + step,
    squares: squares + square,
    cubes: cubes + square * step * (count - 2) - 3 * step * squares,
  };
}

/** Unbiased; NaN below two values. */
export function varianceOf({ count, squares }: Moments): number {
  return count < 2 ? Number.NaN : squares / (count - 1);
}

/** Third standardized moment; NaN where all values are equal. */
export function skewnessOf({ count, squares, cubes }: Moments): number {
  const variance = squares / count;
  return cubes / count / (variance * Math.sqrt(variance));
}
