/** Thrown when a use case has no execution of a name. */
export class ExecutionNotFoundError extends Error {
  override readonly name = 'ExecutionNotFoundError';

  constructor(useCase: string, name: string) {
    super(`Use case "${useCase}" has no lifecycle execution "${name.slice(0, 80)}"`);
  }
}

/** Thrown when a request comes with the idempotency key of another one. */
export class IdempotencyKeyReusedError extends Error {
  override readonly name = 'IdempotencyKeyReusedError';

  constructor(execution: string) {
    super(`Execution "${execution}" was started with this idempotency key by a request that asked for something else`);
  }
}
