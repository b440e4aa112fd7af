import { hash } from 'node:crypto';
import type { ExecutionContext, PlanTrialsOutput, RefitOutput, SelectBestOutput } from '../../../contracts/tasks.ts';
import { createDatasetCache } from '../../../lifecycle/training/dataset-cache.ts';
import { planExperiment } from '../../../lifecycle/training/plan-experiment.ts';
import { refit } from '../../../lifecycle/training/refit.ts';
import { selectBest } from '../../../lifecycle/training/select-best.ts';
import { recordFailure, trainTrial } from '../../../lifecycle/training/train-trial.ts';
import type { TrainingServices } from '../../../lifecycle/training/training-services.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { DiedError } from '../dying-services.ts';

/** Services of a trainer whose program is this text. */
export function trainingServices(
  services: Pick<TrainingServices, 'objects' | 'registry' | 'clock'>,
  program: string,
): TrainingServices {
  const bytes = Buffer.from(program);
  const code = { bytes, sha256: hash('sha256', bytes, 'hex') };
  return { ...services, code, datasets: createDatasetCache(), lambda: { memoryMb: 1_769 } };
}

export interface ExperimentInput extends ExecutionContext {
  readonly manifestKey: string;
}

/** How an experiment ended, as far as it came. */
export interface ExperimentEnd {
  readonly plan: PlanTrialsOutput;
  readonly selection?: SelectBestOutput;
  readonly model?: RefitOutput;
}

/** Takes the steps of an experiment in the order of the state machine, one trial after the other. */
export async function runExperiment(
  services: TrainingServices,
  useCase: UseCase,
  { manifestKey, ...context }: ExperimentInput,
): Promise<ExperimentEnd> {
  const common = { useCase: useCase.id, ...context };
  const plan = await planExperiment(services, useCase, { ...common, request: {}, datasetId: 'd', manifestKey });
  if (plan.status === 'unchanged') return { plan };
  const { experimentId } = plan;
  for (const { trial } of plan.trials) {
    try {
      await trainTrial(services, useCase, { ...common, experimentId, trial });
    } catch (error) {
      if (error instanceof DiedError) throw error;
      const { name, message } = error as Error;
      const failure = { Error: name, Cause: JSON.stringify({ errorMessage: message }) };
      await recordFailure(services, { ...common, experimentId, trial, failure });
    }
  }
  const selection = await selectBest(services, useCase, { ...common, experimentId });
  if (selection.status === 'none') return { plan, selection };
  return { plan, selection, model: await refit(services, useCase, { ...common, runId: selection.runId }) };
}
