import type { SelectBestInput, SelectBestOutput } from '../../contracts/tasks.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { claimSelection, type Experiment, type Selection } from '../registry/experiments.ts';
import { findRun } from '../registry/runs.ts';
import { chooseBest } from './choose-best.ts';
import { readOwnExperiment } from './own-experiment.ts';
import type { TrainingServices } from './training-services.ts';

/** Thrown when no trial of an experiment came to its end; names what the first one failed of. */
export class AllTrialsFailedError extends Error {
  override readonly name = 'AllTrialsFailedError';
}

/**
 * Selects the trial whose model is made, once: asked again it answers the same, even if a trial has finished since.
 *
 * @throws {AllTrialsFailedError} @throws {ExperimentNotFoundError} @throws {TrainerChangedError}
 */
export async function selectBest(
  services: TrainingServices,
  useCase: UseCase,
  { experimentId, executionId }: SelectBestInput,
): Promise<SelectBestOutput> {
  const experiment = await readOwnExperiment(services, useCase.id, experimentId);
  const { runId, reason } = experiment.selection ?? (await select(services, useCase, experiment, executionId));
  return runId === null ? { status: 'none', reason } : { status: 'selected', runId, reason };
}

async function select(
  { registry, clock }: TrainingServices,
  { id, training }: UseCase,
  experiment: Experiment,
  executionId: string,
): Promise<Selection> {
  const { experimentId, trials } = experiment;
  const found = await Promise.all(trials.map(({ runId }) => findRun(registry, id, runId)));
  const runs = found.filter(run => run !== undefined);
  if (runs.every(({ status }) => status === 'failed')) {
    const failed = runs.find(run => run.status === 'failed');
    const first = failed ? `, the first of ${failed.error.name}: ${failed.error.cause}` : '';
    throw new AllTrialsFailedError(`All ${trials.length} trials of experiment ${experimentId} failed${first}`);
  }
  const at = clock.now().toISOString();
  return claimSelection(registry, experiment, { ...chooseBest(runs, training.metric), at, by: executionId });
}
