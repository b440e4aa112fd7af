/**
 * First and second derivatives of the loss at each row, as integers: their sums are exact, so the order of addition, the subtraction of histograms and
 * the number of threads never change a bit.
 */
export interface QuantizedGradients {
  /** Derivatives · `scale`, rounded. */
  readonly gradients: Int32Array;
  readonly hessians: Int32Array;
  /** A power of two. */
  readonly scale: number;
}

/**
 * The largest scale, at most 2¹⁴, at which the sum over all rows fits 32 bits.
 *
 * @param bound largest absolute value of a derivative
 */
export function chooseScale(rows: number, bound: number): number {
  let scale = 16384;
  while (scale > 1 && rows * (bound * scale + 1) >= 2147483648) scale /= 2;
  return scale;
}

/** OUT: `quantized.gradients` and `quantized.hessians`. */
export function quantize(gradients: Float64Array, hessians: Float64Array, quantized: QuantizedGradients): void {
  const { scale } = quantized;
  for (let row = 0; row < gradients.length; row++) {
    quantized.gradients[row] = Math.floor(gradients[row]! * scale + 0.5);
    quantized.hessians[row] = Math.floor(hessians[row]! * scale + 0.5);
  }
}
