import type { Instance } from '../../contracts/http.ts';
import { createRandom } from '../../ml/random.ts';
import type { Population, UseCase } from '../../use-cases/define-use-case.ts';
import { drawRow } from '../../use-cases/draw-row.ts';

/** Somebody who asks for a prediction. */
export interface Client {
  readonly instance: Instance;
  readonly isPositive: boolean;
  /** Whether the outcome is ever told. */
  readonly tells: boolean;
}

export interface DrawClientsOptions {
  readonly useCase: UseCase;
  readonly population: Population;
  readonly requests: number;
  readonly labelCoverage: number;
  readonly seed: number;
}

/** Draws clients: the same ones for the same population and seed, each its own entity. */
export function drawClients({ useCase, population, requests, labelCoverage, seed }: DrawClientsOptions): Client[] {
  const random = createRandom(seed);
  const { name, column } = useCase.entity;
  return Array.from({ length: requests }, (_, index) => {
    const { features, label } = drawRow(population, random);
    const instance = { ...features, [column]: `simulated-${name}-${seed}-${index + 1}` };
    return { instance, isPositive: label, tells: random.uniform() < labelCoverage };
  });
}
