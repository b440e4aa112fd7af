import { closestName } from '../lifecycle/inference/closest-name.ts';

/** Thrown when a use case is named that the deployment does not have. */
export class UseCaseNotDeployedError extends Error {
  override readonly name = 'UseCaseNotDeployedError';

  constructor(useCase: string, deployed: readonly string[]) {
    const meant = closestName(useCase, deployed);
    const hint = meant ? `; did you mean "${meant}"?` : '';
    super(`Unknown use case "${useCase}": deployed are ${deployed.map(name => `"${name}"`).join(', ')}${hint}`);
  }
}

/** @throws {UseCaseNotDeployedError} */
export function requireUseCase(useCase: string, deployed: readonly string[]): void {
  if (!deployed.includes(useCase)) throw new UseCaseNotDeployedError(useCase, deployed);
}
