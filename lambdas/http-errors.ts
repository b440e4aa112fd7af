import type { Scope } from '../contracts/http.ts';

/** Thrown when a body is not JSON. */
export class InvalidJsonError extends Error {
  override readonly name = 'InvalidJsonError';
}

/** Thrown when a body is longer than the route takes. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';

  constructor(bytes: number, limit: number) {
    super(`The body has ${bytes} bytes; at most ${limit} are accepted`);
  }
}

/** Thrown when the access key does not have the scope that a route needs. */
export class MissingScopeError extends Error {
  override readonly name = 'MissingScopeError';

  constructor(needed: Scope, granted: readonly Scope[]) {
    super(`This route needs an access key with the scope "${needed}"; this one has ${granted.join(', ') || 'none'}`);
  }
}
