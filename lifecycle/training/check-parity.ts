/** Thrown when an exported model answers otherwise than the trainer; the export is at fault. */
export class ModelParityError extends Error {
  override readonly name = 'ModelParityError';
}

/** Largest difference of a probability that float32 and the order of its sums may leave. */
export const parityTolerance = 1e-5;

/**
 * Compares an exported model's probabilities with the trainer's for the same rows.
 *
 * @returns the largest difference
 * @throws {ModelParityError} when it is above the tolerance, or an answer is no number
 */
export function checkParity(exported: Float64Array, trained: Float64Array): number {
  let largest = 0;
  exported.forEach((probability, row) => {
    const difference = Math.abs(probability - trained[row]!);
    // Written so that NaN is no match either.
    if (!(difference <= parityTolerance)) {
      throw new ModelParityError(
        `Exported model answers ${probability} for row ${row}, trainer ${trained[row]}, accepted difference is ${parityTolerance}`,
      );
    }
    largest = Math.max(largest, difference);
  });
  return largest;
}
