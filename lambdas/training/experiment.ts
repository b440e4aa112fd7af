import { environmentNames } from '../../contracts/environment.ts';
import type {
  AppendRunsInput,
  PlanTrialsInput,
  RecordFailureInput,
  RefitInput,
  SelectBestInput,
  TrainTrialInput,
} from '../../contracts/tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { fitAgain as fitRecipe, type Recipe } from '../../lifecycle/lineage/fit-again.ts';
import { appendRuns as append } from '../../lifecycle/training/append-runs.ts';
import { createDatasetCache } from '../../lifecycle/training/dataset-cache.ts';
import { planExperiment } from '../../lifecycle/training/plan-experiment.ts';
import { refit as refitRun } from '../../lifecycle/training/refit.ts';
import { selectBest as selectBestTrial } from '../../lifecycle/training/select-best.ts';
import { recordFailure as recordTrialFailure, trainTrial as train } from '../../lifecycle/training/train-trial.ts';
import { readTrainerCode } from '../../lifecycle/training/trainer-code.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { task } from '../task.ts';

/** What the steps work with. Made with the first one: who lets this program make a model again has no deployment around it. */
const services = once(() => ({
  athena: connectDeployedAthena(),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  clock: readClock(),
  // Bundled, this file is the whole trainer: every step of an experiment is the same program.
  code: readTrainerCode(import.meta.url),
  datasets: createDatasetCache(),
  lambda: { memoryMb: Number(requiredVariable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE')) },
}));

/** Plans the trials of a dataset. */
export const planTrials = task(async (input: PlanTrialsInput) =>
  planExperiment(services(), await loadDeployed(input.useCase), input),
);

/** Carries out one trial. */
export const trainTrial = task(async (input: TrainTrialInput) =>
  train(services(), await loadDeployed(input.useCase), input),
);

/** Records that a trial failed. */
export const recordFailure = task((input: RecordFailureInput) => recordTrialFailure(services(), input));

/** Selects the trial whose model is made. */
export const selectBest = task(async (input: SelectBestInput) =>
  selectBestTrial(services(), await loadDeployed(input.useCase), input),
);

/** Appends the trials to the table of all trials. */
export const appendRuns = task((input: AppendRunsInput) => append(services(), input));

/** Fits, checks and stores the model of the selected trial. */
export const refit = task(async (input: RefitInput) => refitRun(services(), await loadDeployed(input.useCase), input));

/** Makes a model once more. No function of the deployment: who reproduces a version calls it in the program that was kept of this one. */
export const fitAgain = async (useCase: string, recipe: Recipe) =>
  fitRecipe(await loadUseCase(useCase, [useCase]), recipe);

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
