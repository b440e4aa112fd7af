import { hash } from 'node:crypto';
import { buildReferenceProfile } from '../../ml/drift/reference-profile.ts';
import { bestThreshold } from '../../ml/metrics/best-threshold.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import { listFrozenDatasets } from '../datasets/frozen-dataset.ts';
import { type Dataset, readDataset } from '../datasets/read-dataset.ts';
import { describeSignature } from '../training/describe-signature.ts';
import { evaluate } from '../training/evaluation.ts';
import { groupByEntity } from '../training/group-by-entity.ts';
import { splitRows } from '../training/split-rows.ts';
import { takeRows } from '../training/take-rows.ts';
import { checkOutline } from './foreign-model.ts';
import { type ForeignSignature, readForeignSignature } from './foreign-signature.ts';
import type { ModelCard, Signature } from './model-card.ts';
import { writeModelFiles } from './model-files.ts';
import { type RegisterServices, registerVersion } from './register-version.ts';
import { type ForeignAnswers, tryForeignModel } from './try-foreign-model.ts';
import { listVersions, type Version } from './versions.ts';

export interface ImportServices extends RegisterServices {
  readonly clock: Clock;
}

/** A model that was made elsewhere. */
export interface ForeignModel {
  readonly onnx: Uint8Array;
  /** Decoded JSON. */
  readonly signature: unknown;
  /** Who imports it. */
  readonly by: string;
}

/** The version that an import made, or found to be there. */
export interface ImportedVersion {
  readonly version: number;
  readonly isNew: boolean;
}

/** Thrown when a use case has no frozen dataset to measure a model on. */
export class NoDatasetError extends Error {
  override readonly name = 'NoDatasetError';

  constructor(useCase: string) {
    super(`Use case "${useCase}" has no dataset yet to measure a model on: run its lifecycle first`);
  }
}

/**
 * Makes a model that was trained elsewhere a version. It is checked, tried, and measured on the holdout of the newest dataset; the gate judges it as any other.
 * The same file is one version, however often it is imported.
 *
 * @throws {ForeignModelError} with everything that is wrong with it
 * @throws {NoDatasetError} @throws {DatasetCorruptError}
 */
export async function importModel(
  services: ImportServices,
  useCase: UseCase,
  { onnx, signature: unread, by }: ForeignModel,
): Promise<ImportedVersion> {
  const { objects, registry, clock } = services;
  const signature = readForeignSignature(useCase, unread);
  checkOutline(onnx, toSignatureFeatures(signature));
  const modelSha256 = hash('sha256', onnx, 'hex');
  const present = (await listVersions(registry, useCase.id)).find(version => version.modelSha256 === modelSha256);
  if (present) return { version: present.version, isNew: false };
  const { dataset, manifestKey } = await readNewestDataset(objects, registry, useCase);
  const answers = await tryForeignModel({ useCase, onnx, goldenRows: signature.goldenRows, dataset });
  const card = describeModel({ useCase, dataset, signature, answers, modelSha256, manifestKey });
  await writeModelFiles(objects, card, onnx);
  const { foldMetrics, referenceProfile, goldenRows, signature: described, ...facts } = card;
  const createdAt = clock.now().toISOString();
  const { version } = await registerVersion(services, { ...facts, modelBytes: onnx.length, createdAt, createdBy: by });
  return { version, isNew: true };
}

function toSignatureFeatures({ features }: ForeignSignature) {
  return features.map(({ name, type }) => ({
    name,
    kind: type === 'category' ? ('category' as const) : ('number' as const),
  }));
}

async function readNewestDataset(objects: Objects, registry: Table, useCase: UseCase) {
  const [newest] = await listFrozenDatasets(registry, useCase.id);
  if (!newest) throw new NoDatasetError(useCase.id);
  const { manifestKey } = newest;
  return { dataset: await readDataset(objects, useCase, manifestKey), manifestKey };
}

interface DescribeOptions extends Pick<ModelCard, 'modelSha256' | 'manifestKey'> {
  readonly useCase: UseCase;
  readonly dataset: Dataset;
  readonly signature: ForeignSignature;
  readonly answers: ForeignAnswers;
}

function describeModel({ useCase, dataset, signature, answers, ...names }: DescribeOptions): ModelCard {
  const { columns, entityIds, labels } = dataset;
  const { trainingRows: rows } = splitRows(entityIds);
  const scores = Float64Array.from(rows, row => answers.scores[row]!);
  return {
    ...names,
    ...measureAnswers(useCase, dataset, answers, signature.threshold),
    ...{ useCase: useCase.id, runId: null, parameters: null, foldMetrics: null },
    seed: useCase.training.seed,
    tags: readTags(dataset),
    signature: mergeSignature(useCase, dataset, signature),
    referenceProfile: buildReferenceProfile({
      columns,
      rows,
      scores,
      labels: Uint8Array.from(rows, row => labels[row]!),
    }),
    goldenRows: answers.goldenRows,
  };
}

/** The threshold is chosen outside the holdout, the figures are taken inside. */
function measureAnswers(
  { decision, training }: UseCase,
  { entityIds, labels }: Dataset,
  { scores }: ForeignAnswers,
  given: number | undefined,
): Pick<Version, 'threshold' | 'metrics'> {
  const { trainingRows, holdoutRows } = splitRows(entityIds);
  const pick = (rows: Int32Array) => ({
    groups: groupByEntity(entityIds, rows),
    labels: Uint8Array.from(rows, row => labels[row]!),
    scores: Float64Array.from(rows, row => scores[row]!),
  });
  const outside = pick(trainingRows);
  const threshold = given ?? bestThreshold(outside.labels, outside.scores, decision.profit).threshold;
  const holdout = evaluate({ ...pick(holdoutRows), threshold, seed: training.seed });
  return { threshold, metrics: { outOfFold: null, holdout } };
}

function readTags({ manifest }: Dataset): Version['tags'] {
  const { snapshotId, parentSnapshotId, committedAt, rows, ingestSeq, labelSeq, datasetId, contentHash } = manifest;
  return {
    iceberg_snapshot_id: snapshotId,
    iceberg_parent_id: parentSnapshotId,
    iceberg_committed_at: committedAt,
    row_count: rows,
    ingest_seq: ingestSeq,
    label_seq: labelSeq,
    dataset_id: datasetId,
    content_hash: contentHash,
    code_version: null,
  };
}

/** What the maker does not say, the rows of the dataset do. */
function mergeSignature(useCase: UseCase, { columns, entityIds }: Dataset, { features }: ForeignSignature): Signature {
  const { trainingRows } = splitRows(entityIds);
  const named = features.map(({ name }) => columns.find(column => column.name === name)!);
  const found = describeSignature(useCase, takeRows(named, trainingRows));
  return {
    ...found,
    features: found.features.map((feature, index) => {
      const { levels = feature.levels, range = feature.range } = features[index]!;
      return { ...feature, ...(levels && { levels }), ...(range && { range }) };
    }),
  };
}
