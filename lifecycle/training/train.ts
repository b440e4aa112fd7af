import type { TrainInput, TrainOutput } from '../../contracts/tasks.ts';
import { buildReferenceProfile } from '../../ml/drift/reference-profile.ts';
import { ObjectNotFoundError, type Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import type { DatasetManifest } from '../datasets/manifest.ts';
import { type Dataset, readDataset } from '../datasets/read-dataset.ts';
import { CorruptModelError } from '../inference/errors.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { CorruptModelCardError, readModelCard, readModelFile, writeModelFiles } from '../registry/model-files.ts';
import { findRun, putRun, type Run, type RunTags } from '../registry/runs.ts';
import { listVersions } from '../registry/versions.ts';
import { readLedger } from '../release/ledger.ts';
import { findDecision } from '../release/version-status.ts';
import { describeSignature } from './describe-signature.ts';
import { type ExportedModel, exportModel } from './export-model.ts';
import { type FittedTrial, fitTrial } from './fit-trial.ts';
import { planTrials, type Trial } from './plan-trials.ts';
import { takeRows } from './take-rows.ts';
import { keepTrainerCode, type TrainerCode } from './trainer-code.ts';

export interface TrainServices {
  readonly objects: Objects;
  readonly registry: Table;
  readonly clock: Clock;
  readonly code: TrainerCode;
}

/**
 * Trains a use case's candidate on a frozen dataset: evaluates it, fits it, exports it as ONNX, and stores model, card and run.
 * What was trained before is not trained again.
 *
 * @throws {DatasetCorruptError} @throws {ModelParityError}
 */
export async function train(services: TrainServices, useCase: UseCase, input: TrainInput): Promise<TrainOutput> {
  const { objects, registry, clock, code } = services;
  const startedAt = clock.now();
  const manifest = await objects.readJson<DatasetManifest>(input.manifestKey);
  const trial = planTrials(useCase, { ...manifest, codeSha256: code.sha256 })[0]!;
  const before = await findBefore(services, trial, input);
  if (before) return before;
  await keepTrainerCode(objects, code);
  const dataset = await readDataset(objects, useCase, input.manifestKey);
  const fitted = fitTrial(useCase, dataset, trial);
  const exported = await exportModel(useCase, dataset, fitted);
  const run: Run = {
    ...describeRun(trial, fitted, exported),
    useCase: useCase.id,
    manifestKey: input.manifestKey,
    tags: readTags(manifest, code),
    startedAt: startedAt.toISOString(),
    seconds: clock.real(clock.now().getTime() - startedAt.getTime()) / 1_000,
    createdBy: input.executionId,
  };
  await writeModelFiles(objects, describeModel(useCase, dataset, run, fitted, exported), exported.onnx);
  await putRun(registry, run);
  return { status: 'trained', runId: run.runId, modelSha256: run.modelSha256 };
}

/** What an earlier training of the same came to, unless its files are gone or damaged: then the same training mends them. */
async function findBefore(
  { objects, registry }: TrainServices,
  { runId }: Trial,
  { useCase, executionId }: TrainInput,
): Promise<TrainOutput | undefined> {
  const run = await findRun(registry, useCase, runId);
  if (!run) return undefined;
  const [versions, ledger] = await Promise.all([listVersions(registry, useCase), readLedger(registry, useCase)]);
  const version = versions.find(version => version.runId === runId)?.version;
  const decision = version === undefined ? undefined : findDecision(ledger, version);
  // This execution's own decision is no reason to stop: run again from its start, it comes to the same end.
  if (decision && decision.by !== executionId) return { status: 'unchanged', runId, version: decision.version };
  if (!(await isStored(objects, run))) return undefined;
  return { status: 'trained', runId, modelSha256: run.modelSha256 };
}

async function isStored(objects: Objects, run: Run): Promise<boolean> {
  try {
    await Promise.all([readModelFile(objects, run), readModelCard(objects, run)]);
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

function describeRun({ runId, parameters, seed }: Trial, fitted: FittedTrial, exported: ExportedModel) {
  const { threshold, foldMetrics, metrics, trainingRows, holdoutRows } = fitted;
  return {
    runId,
    parameters,
    seed,
    threshold,
    foldMetrics,
    metrics,
    modelSha256: exported.sha256,
    modelBytes: exported.onnx.length,
    parity: exported.parity,
    trainingRows: trainingRows.length,
    holdoutRows: holdoutRows.length,
  };
}

function readTags(manifest: DatasetManifest, code: TrainerCode): RunTags {
  return {
    iceberg_snapshot_id: manifest.snapshotId,
    iceberg_parent_id: manifest.parentSnapshotId,
    iceberg_committed_at: manifest.committedAt,
    row_count: manifest.rows,
    ingest_seq: manifest.ingestSeq,
    label_seq: manifest.labelSeq,
    dataset_id: manifest.datasetId,
    content_hash: manifest.contentHash,
    code_version: code.sha256,
  };
}

function describeModel(
  useCase: UseCase,
  { columns }: Dataset,
  run: Run,
  { trainingRows, outOfFold }: FittedTrial,
  { goldenRows }: ExportedModel,
): ModelCard {
  const { runId, parameters, seed, manifestKey, tags, metrics, foldMetrics, threshold, modelSha256 } = run;
  return {
    runId,
    parameters,
    seed,
    manifestKey,
    tags,
    metrics,
    foldMetrics,
    threshold,
    modelSha256,
    useCase: useCase.id,
    signature: describeSignature(useCase, takeRows(columns, trainingRows)),
    referenceProfile: buildReferenceProfile({ columns, rows: trainingRows, scores: outOfFold.scores }),
    goldenRows,
  };
}
