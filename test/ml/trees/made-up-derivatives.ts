import type { Random } from '../../../ml/random.ts';
import { chooseScale, type QuantizedGradients, quantize } from '../../../ml/trees/quantized-gradients.ts';

/** Derivatives of as many rows, with their quantized form. */
export function makeUpDerivatives(
  rows: number,
  random: Random,
): { gradients: Float64Array; hessians: Float64Array; quantized: QuantizedGradients } {
  const gradients = Float64Array.from({ length: rows }, () => 2 * random.uniform() - 1);
  const hessians = Float64Array.from({ length: rows }, () => random.uniform() / 4);
  const quantized = { gradients: new Int32Array(rows), hessians: new Int32Array(rows), scale: chooseScale(rows, 1) };
  quantize(gradients, hessians, quantized);
  return { gradients, hessians, quantized };
}
