import { environmentNames } from '../contracts/environment.ts';
import { requiredVariable } from '../platform/environment.ts';
import type { UseCase } from '../use-cases/define-use-case.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';

/** Ids of the deployed use cases. @throws {MissingVariableError} */
export function deployedUseCases(): string[] {
  return requiredVariable(environmentNames.useCases).split(',');
}

/**
 * Reads a deployed use case.
 *
 * @param id as an input or a path names it; of a path that names none, undefined
 * @throws {UnknownUseCaseError}
 */
export function loadDeployed(id: string | undefined): Promise<UseCase> {
  return loadUseCase(id ?? '', deployedUseCases());
}
