import { type Experiment, readExperiment } from '../registry/experiments.ts';
import type { TrainingServices } from './training-services.ts';

/** Thrown when another program planned the experiment: a deployment came in between, and the next execution plans anew. */
export class TrainerChangedError extends Error {
  override readonly name = 'TrainerChangedError';

  constructor({ experimentId, tags }: Pick<Experiment, 'experimentId' | 'tags'>, own: string) {
    super(`Experiment ${experimentId} was planned by the program ${tags.code_version}, this one is ${own}`);
  }
}

/**
 * Reads an experiment that this very program planned.
 *
 * @throws {ExperimentNotFoundError} @throws {TrainerChangedError}
 */
export async function readOwnExperiment(
  { registry, code }: Pick<TrainingServices, 'registry' | 'code'>,
  useCase: string,
  experimentId: string,
): Promise<Experiment> {
  const experiment = await readExperiment(registry, useCase, experimentId);
  if (experiment.tags.code_version !== code.sha256) throw new TrainerChangedError(experiment, code.sha256);
  return experiment;
}
