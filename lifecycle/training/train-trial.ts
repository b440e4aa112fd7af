import type { RecordFailureInput, TrainTrialInput, TrainTrialOutput } from '../../contracts/tasks.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { describeTrain } from '../lineage/describe-acts.ts';
import { recordAct } from '../lineage/record-act.ts';
import type { Experiment, ExperimentTrial } from '../registry/experiments.ts';
import { readCause } from '../registry/read-cause.ts';
import { type FailedRun, findFinishedRun, putRun, type Run } from '../registry/runs.ts';
import { evaluateTrial } from './evaluate-trial.ts';
import { writeOutOfFold } from './out-of-fold.ts';
import { readOwnExperiment } from './own-experiment.ts';
import { countThreads, withThreads } from './threads.ts';
import type { TrainingServices } from './training-services.ts';

/**
 * Carries out one trial of an experiment and puts it on record. A trial that has finished before, in whichever experiment, is not carried out again.
 *
 * @throws {TrialFailedError} when another attempt would fail alike
 * @throws {DatasetCorruptError} @throws {ExperimentNotFoundError} @throws {TrainerChangedError}
 */
export async function trainTrial(
  services: TrainingServices,
  useCase: UseCase,
  { experimentId, trial, executionId }: TrainTrialInput,
): Promise<TrainTrialOutput> {
  const { objects, registry, clock, datasets, lambda } = services;
  const startedAt = clock.now();
  const experiment = await readOwnExperiment(services, useCase.id, experimentId);
  const { runId, parameters } = findTrial(experiment, trial);
  if (await findFinishedRun(registry, useCase.id, runId)) return { runId };
  const dataset = await datasets.read(objects, useCase, experiment.manifestKey);
  const evaluation = await withThreads(countThreads(lambda), threads =>
    evaluateTrial(useCase, dataset, { parameters, seed: experiment.seed }, threads),
  );
  const { foldMetrics, foldRows, curve, threshold, trainingRows, holdoutRows, peakMemoryMb } = evaluation;
  const outOfFold = await writeOutOfFold(objects, { useCase: useCase.id, runId }, evaluation);
  const run: Run = {
    ...describeTrial(experiment, trial),
    status: 'finished',
    ...{ foldMetrics, foldRows, curve, threshold, peakMemoryMb, outOfFold },
    trainingRows: trainingRows.length,
    holdoutRows: holdoutRows.length,
    memoryMb: lambda.memoryMb,
    model: null,
    startedAt: startedAt.toISOString(),
    seconds: clock.real(clock.now().getTime() - startedAt.getTime()) / 1_000,
    createdBy: executionId,
  };
  // Once the run is on record, nobody comes here again.
  await recordAct(objects, describeTrain(run, clock.now().toISOString()));
  await putRun(registry, run);
  return { runId };
}

/** Puts on record that a trial failed, for whatever reason its function ended. */
export async function recordFailure(
  services: TrainingServices,
  { useCase, experimentId, trial, executionId, failure }: RecordFailureInput,
): Promise<TrainTrialOutput> {
  const { objects, registry, clock } = services;
  const experiment = await readOwnExperiment(services, useCase, experimentId);
  const run: FailedRun = {
    ...describeTrial(experiment, trial),
    status: 'failed',
    error: { name: failure.Error, cause: readCause(failure.Cause) },
    startedAt: clock.now().toISOString(),
    seconds: 0,
    createdBy: executionId,
  };
  // A trial that finished after all stays so.
  if (await putRun(registry, run)) await recordAct(objects, describeTrain(run, run.startedAt));
  return { runId: run.runId };
}

function findTrial({ experimentId, trials }: Experiment, number: number): ExperimentTrial {
  const trial = trials[number];
  if (!trial)
    throw new RangeError(`Experiment ${experimentId} has no trial ${number}, expected 0 to ${trials.length - 1}`);
  return trial;
}

function describeTrial(experiment: Experiment, number: number) {
  const { experimentId, useCase, manifestKey, tags, seed } = experiment;
  const { runId, parameters } = findTrial(experiment, number);
  return { runId, useCase, experimentId, parameters, seed, manifestKey, tags };
}
