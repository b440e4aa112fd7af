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

/** Thrown when a stored model file is not the one that was registered. */
export class CorruptModelError extends Error {
  override readonly name = 'CorruptModelError';

  constructor(uri: string, sha256: string) {
    super(`Model ${uri} has sha256 ${sha256}, expected the one in its name`);
  }
}

/** Thrown when a use case has no released version yet. */
export class NoModelError extends Error {
  override readonly name = 'NoModelError';

  constructor(useCase: string) {
    super(`Use case "${useCase}" has no released model yet: run its lifecycle first`);
  }
}

/** Thrown when a use case has a released version, or may have one, but it cannot be loaded now. */
export class ModelUnavailableError extends Error {
  override readonly name = 'ModelUnavailableError';

  constructor(useCase: string, options?: ErrorOptions) {
    super(`The model of use case "${useCase}" cannot be loaded now`, options);
  }
}
