import type { RefitInput, RefitOutput } from '../../contracts/tasks.ts';
import { buildReferenceProfile } from '../../ml/drift/reference-profile.ts';
import { ObjectNotFoundError, type Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Dataset } from '../datasets/read-dataset.ts';
import { CorruptModelError } from '../inference/errors.ts';
import { describeRefit } from '../lineage/describe-acts.ts';
import { recordAct } from '../lineage/record-act.ts';
import type { ModelCard } from '../registry/model-card.ts';
import {
  CorruptModelCardError,
  type ModelName,
  readModelCard,
  readModelFile,
  writeModelFiles,
} from '../registry/model-files.ts';
import { findFinishedRun, putRunModel, type Run, type RunModel, RunNotFoundError } from '../registry/runs.ts';
import type { CrossValidation } from './cross-validate.ts';
import { describeSignature } from './describe-signature.ts';
import { evaluateTrial } from './evaluate-trial.ts';
import { type ExportedModel, exportModel } from './export-model.ts';
import { type FittedTrial, fitTrial } from './fit-trial.ts';
import { readOutOfFold } from './out-of-fold.ts';
import { readOwnExperiment } from './own-experiment.ts';
import { readRuntime } from './runtime.ts';
import { takeRows } from './take-rows.ts';
import { countThreads, withThreads } from './threads.ts';
import type { TrainingServices } from './training-services.ts';

/**
 * Makes the model of a selected run: fits it, exports it as ONNX, and stores model and card. A model that is stored already is not made again; one that
 * is gone or damaged is mended by the same fit.
 *
 * @throws {RunNotFoundError} @throws {TrainerChangedError} @throws {DatasetCorruptError} @throws {ModelParityError}
 */
export async function refit(
  services: TrainingServices,
  useCase: UseCase,
  { runId, executionId }: RefitInput,
): Promise<RefitOutput> {
  const { objects, registry, clock, datasets, lambda } = services;
  const startedAt = clock.now();
  const run = await findFinishedRun(registry, useCase.id, runId);
  if (!run) throw new RunNotFoundError(useCase.id, runId);
  await readOwnExperiment(services, useCase.id, run.experimentId);
  if (run.model && (await isStored(objects, { useCase: useCase.id, ...run.model }))) {
    return { runId, modelSha256: run.model.modelSha256 };
  }
  const dataset = await datasets.read(objects, useCase, run.manifestKey);
  const stored = await readOutOfFold(objects, run.outOfFold);
  const { outOfFold, fitted } = await withThreads(countThreads(lambda), threads => {
    const outOfFold = stored ?? evaluateTrial(useCase, dataset, run, threads).outOfFold;
    return { outOfFold, fitted: fitTrial(dataset, run, outOfFold, threads) };
  });
  const exported = await exportModel(useCase, dataset, fitted);
  const { onnx, sha256: modelSha256, parity } = exported;
  await writeModelFiles(objects, describeModel({ useCase, dataset, run, outOfFold, fitted, exported }), onnx);
  const endedAt = clock.now();
  const model: RunModel = {
    ...{ modelSha256, parity },
    modelBytes: onnx.length,
    metrics: fitted.metrics,
    runtime: readRuntime(),
    startedAt: startedAt.toISOString(),
    seconds: clock.real(endedAt.getTime() - startedAt.getTime()) / 1_000,
  };
  const times = { startedAt: model.startedAt, endedAt: endedAt.toISOString() };
  await recordAct(objects, describeRefit(run, model, { executionId, ...times }));
  await putRunModel(registry, run, model);
  return { runId, modelSha256 };
}

async function isStored(objects: Objects, model: ModelName): Promise<boolean> {
  try {
    await Promise.all([readModelFile(objects, model), readModelCard(objects, model)]);
    return true;
  } catch (error) {
    const isMendable =
      error instanceof ObjectNotFoundError ||
      error instanceof CorruptModelError ||
      error instanceof CorruptModelCardError;
    if (!isMendable) throw error;
    return false;
  }
}

interface DescribeModelOptions {
  readonly useCase: UseCase;
  readonly dataset: Dataset;
  readonly run: Run;
  readonly outOfFold: CrossValidation;
  readonly fitted: FittedTrial;
  readonly exported: ExportedModel;
}

function describeModel({ useCase, dataset, run, outOfFold, fitted, exported }: DescribeModelOptions): ModelCard {
  const { runId, parameters, seed, manifestKey, tags, foldMetrics, threshold } = run;
  const { columns } = dataset;
  const { trainingRows, metrics } = fitted;
  return {
    ...{ runId, parameters, seed, manifestKey, tags, metrics, foldMetrics, threshold },
    modelSha256: exported.sha256,
    useCase: useCase.id,
    signature: describeSignature(useCase, takeRows(columns, trainingRows)),
    referenceProfile: buildReferenceProfile({ columns, rows: trainingRows, ...outOfFold }),
    goldenRows: exported.goldenRows,
  };
}
