import type { Decision } from './ledger.ts';

/** Thrown when no release has the number. */
export class ReleaseNotFoundError extends Error {
  override readonly name = 'ReleaseNotFoundError';

  constructor(useCase: string, release: number) {
    super(`Use case "${useCase}" has no release ${release}`);
  }
}

/** Thrown when a release was changed since it was read; read again and decide anew. */
export class ReleaseMovedError extends Error {
  override readonly name = 'ReleaseMovedError';

  constructor(useCase: string, release: number, options?: ErrorOptions) {
    super(`Release ${release} of "${useCase}" was changed since it was read`, options);
  }
}

/** Thrown when another release moves the traffic of the use case. */
export class ReleaseRunningError extends Error {
  override readonly name = 'ReleaseRunningError';

  constructor(useCase: string, version: number, running: number) {
    super(
      `Cannot release version ${version} of "${useCase}": release ${running} is running; wait for its end, or roll it back`,
    );
  }
}

/** Thrown when a version is in no state to be released. */
export class NotReleasableError extends Error {
  override readonly name = 'NotReleasableError';
}

/** Thrown when a release does not wait for a person, or no longer. */
export class NoApprovalWantedError extends Error {
  override readonly name = 'NoApprovalWantedError';

  constructor(useCase: string, release: number, state: string) {
    super(`Release ${release} of "${useCase}" waits for no approval: ${state}`);
  }
}

/** Thrown when there is nothing to go back to, or not this. */
export class CannotRollBackError extends Error {
  override readonly name = 'CannotRollBackError';
}

/** The decisions that end a release. */
export const endings: readonly Decision[] = ['promoted', 'rolled back', 'declined'];
