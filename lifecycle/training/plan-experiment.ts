import { hash } from 'node:crypto';
import type { PlanTrialsInput, PlanTrialsOutput } from '../../contracts/tasks.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { DatasetManifest } from '../datasets/manifest.ts';
import { claimExperiment, type Experiment } from '../registry/experiments.ts';
import type { RunTags } from '../registry/runs.ts';
import { listVersions } from '../registry/versions.ts';
import { readDecision } from '../release/version-status.ts';
import { type PlannedTrial, planTrials } from './plan-trials.ts';
import { keepTrainerCode, type TrainerCode } from './trainer-code.ts';
import type { TrainingServices } from './training-services.ts';

/**
 * Plans the experiment of a frozen dataset: a trial for each candidate of the use case, or of the preset that was asked for. What was tried and judged before is not tried again.
 *
 * @throws {InvalidParametersError} @throws {ObjectNotFoundError}
 */
export async function planExperiment(
  services: TrainingServices,
  useCase: UseCase,
  input: PlanTrialsInput,
): Promise<PlanTrialsOutput> {
  const { objects, registry, clock, code } = services;
  const manifest = await objects.readJson<DatasetManifest>(input.manifestKey);
  const { candidates } = input.request;
  const tried = candidates ? { ...useCase, training: { ...useCase.training, candidates: [candidates] } } : useCase;
  const trials = planTrials(tried, { ...manifest, codeSha256: code.sha256 });
  await keepTrainerCode(objects, code);
  const experiment = await claimExperiment(registry, {
    ...describeExperiment(useCase, trials),
    manifestKey: input.manifestKey,
    tags: readTags(manifest, code),
    createdAt: clock.now().toISOString(),
    createdBy: input.executionId,
  });
  const { experimentId } = experiment;
  const version = await findJudged(services, experiment, input.executionId);
  if (version !== undefined) return { status: 'unchanged', experimentId, version };
  return { status: 'planned', experimentId, trials: experiment.trials.map(({ size }, trial) => ({ trial, size })) };
}

function describeExperiment({ id, training }: UseCase, trials: readonly PlannedTrial[]) {
  const { metric, folds, seed } = training;
  return {
    experimentId: hash('sha256', JSON.stringify(trials.map(({ runId }) => runId)), 'hex'),
    useCase: id,
    metric,
    folds,
    seed,
    trials: trials.map(({ runId, parameters, size, cost }) => ({
      runId,
      parameters,
      size,
      expectedSeconds: cost.seconds,
    })),
    selection: null,
    append: { attempt: 0, queryIds: [], isDone: false },
  };
}

/**
 * The version that an earlier execution decided on by this experiment, null where it found no candidate worth one, undefined where nothing is decided.
 * This execution's own decision is no reason to stop: run again from its start, it comes to the same end.
 */
async function findJudged(
  { registry }: TrainingServices,
  { useCase, selection }: Experiment,
  executionId: string,
): Promise<number | null | undefined> {
  if (!selection) return undefined;
  if (selection.runId === null) return selection.by === executionId ? undefined : null;
  const version = (await listVersions(registry, useCase)).find(({ runId }) => runId === selection.runId);
  const decision = version && (await readDecision(registry, version));
  return decision && decision.by !== executionId ? decision.version : undefined;
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
