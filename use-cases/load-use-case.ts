import type { UseCase } from './define-use-case.ts';

/** Thrown when a use case that is not deployed is named. */
export class UnknownUseCaseError extends Error {
  override readonly name = 'UnknownUseCaseError';
  readonly id: string;
  /** Ids of the deployed use cases. */
  readonly known: readonly string[];

  constructor(id: string, known: readonly string[]) {
    super(`Unknown use case "${id}": deployed are ${known.map(name => `"${name}"`).join(', ') || 'none'}`);
    this.id = id;
    this.known = known;
  }
}

/**
 * Reads one use case by id from its own file.
 *
 * @param deployed ids that may be loaded
 * @throws {UnknownUseCaseError} when `id` is not among them
 */
export async function loadUseCase(id: string, deployed: readonly string[]): Promise<UseCase> {
  if (!deployed.includes(id)) throw new UnknownUseCaseError(id, deployed);
  // A pattern rather than a list: the bundler packs every file here, so a new use case needs no registration.
  const { default: useCase } = await import(`./${id}.ts`);
  return useCase;
}
