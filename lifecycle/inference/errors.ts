/** Thrown when bytes are no ONNX model that the runtime can load. */
export class UnreadableModelError extends Error {
  override readonly name = 'UnreadableModelError';

  constructor(bytes: number, options?: ErrorOptions) {
    super(`Cannot open a model of ${bytes} bytes: ${(options?.cause as Error | undefined)?.message}`, options);
  }
}

/** Thrown when a model's inputs or outputs are not those of the model contract, or not those of the rows to score. */
export class ModelContractError extends Error {
  override readonly name = 'ModelContractError';
}
