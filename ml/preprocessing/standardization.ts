/** x ↦ (x − offset) · scale in float32, as the exported graph computes it. */
export interface Standardization {
  /** The mean, rounded to float32. */
  readonly offset: number;
  /** 1 / the standard deviation, rounded to float32; 1 for a constant. */
  readonly scale: number;
}

/** Fits mean 0 and (population) standard deviation 1. @param values finite and not NaN */
export function fitStandardization(values: Float32Array): Standardization {
  let sum = 0;
  for (const value of values) sum += value;
  const offset = Math.fround(sum / values.length);
  let squares = 0;
  for (const value of values) squares += (value - offset) * (value - offset);
  const deviation = Math.sqrt(squares / values.length);
  // Below it the values differ by less than the offset's own rounding, or by too little for a float32 to have the inverse: a constant.
  const negligible = Math.max(Math.abs(offset) * 6e-8, 3e-39);
  return { offset, scale: deviation > negligible ? Math.fround(1 / deviation) : 1 };
}

/** One standardized value. */
export function standardize(value: number, { offset, scale }: Standardization): number {
  return Math.fround(Math.fround(value - offset) * scale);
}
