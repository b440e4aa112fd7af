import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { observationsTable, outcomesTable, scoresTable } from '../../use-cases/table-schemas.ts';
import type { Batch } from '../datasets/batch.ts';
import type { DatasetManifest } from '../datasets/manifest.ts';
import { destinationOf } from '../datasets/move-files.ts';
import { modelKey } from '../inference/model-signature.ts';
import type { FailedRun, Run, RunModel, TrackedRun } from '../registry/runs.ts';
import type { Version } from '../registry/versions.ts';
import type { ScoringBatch } from '../scoring/scoring-batch.ts';
import type { Act, Data } from './act.ts';

/** Files, and outcomes where labels were merged, became rows of the observations table; or were refused. @param batch before its last step */
export function describeIngest(useCase: UseCase, batch: Batch, endedAt: string): Act {
  const { number, plannedAt, executionId, files, counts, table, labels, refusal } = batch;
  const observations = observationsTable(useCase);
  const outcomes = { key: folder(outcomesTable(useCase).prefix), schema: outcomesTable(useCase).columns };
  const written: Data = {
    key: folder(observations.prefix),
    schema: observations.columns,
    version: table.snapshotId ?? undefined,
    rows: counts.expected,
  };
  return {
    ...{ useCase: useCase.id, name: 'ingest', id: String(number), executionId, startedAt: plannedAt, endedAt },
    inputs: [
      ...files.map(file => ({
        key: file.key,
        version: file.sha256,
        movedTo: destinationOf(useCase.id, batch, file),
      })),
      ...(labels ? [outcomes] : []),
    ],
    ...(refusal === null ? { outputs: [written] } : { outputs: [], failure: refusal }),
  };
}

/** The mature rows of a snapshot became a dataset. */
export function describeFreeze(useCase: UseCase, manifest: DatasetManifest, { executionId, startedAt }: Began): Act {
  const { datasetId, createdAt, sql, schema, snapshotId, contentHash, rows, parts } = manifest;
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  return {
    ...{ useCase: useCase.id, name: 'freeze', id: datasetId, executionId, startedAt, endedAt: createdAt, sql },
    inputs: [{ key: folder(observationsTable(useCase).prefix), version: snapshotId }],
    outputs: [{ key: datasetFolder(useCase.id, datasetId), version: contentHash, schema, rows, bytes }],
  };
}

/** A candidate was tried on a dataset: what is left of it are its predictions out of fold. */
export function describeTrain(run: TrackedRun, endedAt: string): Act {
  const { runId, startedAt, createdBy } = run;
  return {
    ...describeTraining(run),
    ...{ name: 'train', id: runId, executionId: createdBy, startedAt, endedAt },
    ...(run.status === 'finished' ? { outputs: [outOfFold(run)] } : { outputs: [], failure: failureOf(run) }),
  };
}

/** The selected candidate was fitted on all training rows. */
export function describeRefit(
  run: Run,
  { modelSha256, modelBytes }: Pick<RunModel, 'modelSha256' | 'modelBytes'>,
  { executionId, startedAt, endedAt }: Began & { readonly endedAt: string },
): Act {
  const { useCase, runId } = run;
  const training = describeTraining(run);
  return {
    ...{ ...training, name: 'refit', id: runId, executionId, startedAt, endedAt },
    inputs: [...training.inputs, outOfFold(run)],
    outputs: [{ key: modelKey(useCase, modelSha256), version: modelSha256, bytes: modelBytes }],
  };
}

/** A model got its version number. */
export function describeRegister({ useCase, version, modelSha256, createdAt, createdBy }: Version): Act {
  return {
    ...{ useCase, name: 'register', id: String(version), executionId: createdBy },
    ...{ startedAt: createdAt, endedAt: createdAt },
    inputs: [{ key: modelKey(useCase, modelSha256), version: modelSha256 }],
    outputs: [modelVersion(useCase, version)],
  };
}

/** A version scored observations, or the rows of a file. @param batch with its rows counted */
export function describeScoring(useCase: UseCase, batch: ScoringBatch, endedAt: string): Act {
  const { number, executionId, plannedAt, version, file, rows } = batch;
  const { prefix, columns } = scoresTable(useCase);
  return {
    ...{ useCase: useCase.id, name: 'score', id: String(number), executionId, startedAt: plannedAt, endedAt },
    inputs: [modelVersion(useCase.id, version), { key: file ?? folder(observationsTable(useCase).prefix) }],
    outputs: [{ key: folder(prefix), schema: columns, rows }],
  };
}

/** When and by which execution an act began. */
interface Began {
  readonly executionId: string;
  /** ISO instant. */
  readonly startedAt: string;
}

/** All models of a use case are one dataset, whose versions are theirs. */
function modelVersion(useCase: string, version: number): Data {
  return { key: `${bucketPrefixes.models}${useCase}`, version: String(version) };
}

function describeTraining({ useCase, tags, parameters, seed }: TrackedRun) {
  const { dataset_id, content_hash, code_version } = tags;
  return {
    useCase,
    inputs: [{ key: datasetFolder(useCase, dataset_id), version: content_hash }],
    parameters: { ...parameters, seed, code_version },
  };
}

function outOfFold({ outOfFold: { key, sha256 }, trainingRows }: Run): Data {
  return { key, version: sha256, rows: trainingRows };
}

function failureOf({ error }: FailedRun): string {
  return `${error.name}: ${error.cause}`;
}

function datasetFolder(useCase: string, datasetId: string): string {
  return `${bucketPrefixes.datasets}${useCase}/${datasetId}`;
}

function folder(prefix: string): string {
  return prefix.replace(/\/$/, '');
}
