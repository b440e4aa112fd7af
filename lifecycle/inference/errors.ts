import type { FailedVariant } from '../../contracts/http.ts';

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

/** Thrown when a variant cannot score a row that was routed to it; of one that is not the champion it never reaches a caller. */
export class VariantFailedError extends Error {
  override readonly name = 'VariantFailedError';
  readonly failed: FailedVariant;

  constructor(failed: FailedVariant, options?: ErrorOptions) {
    const { variant, version, reason } = failed;
    const cause = options?.cause as Error | undefined;
    super(`Variant "${variant}" (v${version}) cannot score: ${cause?.message ?? reason}`, options);
    this.failed = failed;
  }
}

/** Thrown when use cases that are asked for have no model that is there to answer. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';

  constructor(models: readonly string[]) {
    super(`Not ready: ${models.join(', ')}`);
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
