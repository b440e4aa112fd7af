import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import { type Batch, listBatches } from '../datasets/batch.ts';
import type { DatasetManifest } from '../datasets/manifest.ts';
import type { ReportSummary } from '../monitoring/report.ts';
import { listReports } from '../monitoring/reports.ts';
import { type Experiment, readExperiment } from '../registry/experiments.ts';
import { findRun, type TrackedRun } from '../registry/runs.ts';
import { listVersions, readVersion, type Version } from '../registry/versions.ts';
import { type LedgerEntry, readLedger } from '../release/ledger.ts';
import { listReleases, type Release } from '../release/releases.ts';
import {
  downstreamOf,
  type Lineage,
  type LineageEdge,
  type LineageNode,
  lineageNode,
  mergeLineages,
  upstreamOf,
} from './lineage.ts';

/** Where the records are. */
export interface LineageServices {
  readonly registry: Table;
  readonly objects: Objects;
}

/** Thrown when no batch has brought a file of the name. */
export class FileNotIngestedError extends Error {
  override readonly name = 'FileNotIngestedError';

  constructor(useCase: string, name: string) {
    super(`No batch of "${useCase}" has brought a file "${name}": expected its key, the end of it, or its sha256`);
  }
}

/**
 * Reads where a version comes from, and where it went: files → batches → snapshot → dataset → experiment → run → version → releases, reports and predictions.
 *
 * @throws {VersionNotFoundError} @throws {ObjectNotFoundError}
 */
export async function readVersionLineage(services: LineageServices, useCase: string, number: number): Promise<Lineage> {
  const version = await readVersion(services.registry, useCase, number);
  const [records, batches] = await Promise.all([
    readRecords(services.registry, useCase),
    listBatches(services.registry, useCase),
  ]);
  return readLineage(services, { ...records, batches }, version);
}

/** Reads where a prediction comes from, back to the files. @throws {VersionNotFoundError} */
export async function readPredictionLineage(
  services: LineageServices,
  prediction: Pick<LoggedPrediction, 'useCase' | 'predictionId' | 'version' | 'variant' | 'at' | 'probability'>,
): Promise<Lineage> {
  const { useCase, predictionId, version, variant, at, probability } = prediction;
  const made = lineageNode(
    'prediction',
    predictionId,
    `${at}, probability ${probability.toFixed(4)}, by the ${variant}`,
  );
  const own = { nodes: [made], edges: [{ from: `version:${version}`, to: made.id }] };
  const ofVersion = await readVersionLineage(services, useCase, version);
  return upstreamOf(mergeLineages(useCase, [ofVersion, own]), made.id);
}

/**
 * Reads what came of a landing file: every version whose dataset has rows or labels of its batch, and what became of these.
 *
 * @param name its key when it landed, the end of it, or its sha256
 * @throws {FileNotIngestedError}
 */
export async function readFileLineage(services: LineageServices, useCase: string, name: string): Promise<Lineage> {
  const { registry } = services;
  const batches = (await listBatches(registry, useCase)).filter(({ files }) => files.some(file => isNamed(file, name)));
  const files = batches.flatMap(batch => batch.files.filter(file => isNamed(file, name)));
  if (files.length === 0) throw new FileNotIngestedError(useCase, name);
  const versions = (await listVersions(registry, useCase)).filter(({ tags }) =>
    batches.some(batch => isOf(batch, { ingestSeq: tags.ingest_seq, labelSeq: tags.label_seq })),
  );
  const records = { ...(await readRecords(registry, useCase)), batches };
  const lineages = await Promise.all(versions.map(version => readLineage(services, records, version)));
  const all = mergeLineages(useCase, [...batches.map(describeBatch), ...lineages]);
  return mergeLineages(
    useCase,
    files.map(({ key }) => downstreamOf(all, `file:${key}`)),
  );
}

function isNamed({ key, sha256 }: Batch['files'][number], name: string): boolean {
  return key === name || key.endsWith(`/${name}`) || sha256 === name;
}

/** What went on in a use case. There is much of it after years: it is read once for however many versions. */
interface Records {
  /** Those that may be part of the lineage. */
  readonly batches: readonly Batch[];
  readonly releases: readonly Release[];
  readonly ledger: readonly LedgerEntry[];
  readonly reports: readonly ReportSummary[];
}

async function readRecords(registry: Table, useCase: string): Promise<Omit<Records, 'batches'>> {
  const [releases, ledger, reports] = await Promise.all([
    listReleases(registry, useCase),
    readLedger(registry, useCase),
    listReports(registry, useCase),
  ]);
  return { releases, ledger, reports };
}

async function readLineage(
  { registry, objects }: LineageServices,
  { batches, releases, ledger, reports }: Records,
  version: Version,
): Promise<Lineage> {
  const { useCase, manifestKey, runId } = version;
  const run = runId === null ? undefined : await findRun(registry, useCase, runId);
  const [manifest, experiment] = await Promise.all([
    objects.readJson<DatasetManifest>(manifestKey),
    run && readExperiment(registry, useCase, run.experimentId),
  ]);
  return mergeLineages(useCase, [
    ...batches.filter(batch => isOf(batch, manifest)).flatMap(batch => [describeBatch(batch), into(batch, manifest)]),
    describeDataset(manifest),
    describeTraining(version, run, experiment),
    ...releases.filter(release => release.version === version.version).map(describeRelease),
    ...reports.filter(({ champion }) => champion === version.version).map(describeReport),
    describePredictions(version, ledger),
  ]);
}

type Part = Pick<Lineage, 'nodes' | 'edges'>;

/** Whether a batch has brought rows or labels of a dataset. */
function isOf(
  { number, status }: Batch,
  { ingestSeq, labelSeq }: Pick<DatasetManifest, 'ingestSeq' | 'labelSeq'>,
): boolean {
  const isIn = ({ from, to }: DatasetManifest['ingestSeq']) => from <= number && number <= to;
  return status === 'complete' && (isIn(ingestSeq) || isIn(labelSeq));
}

function describeBatch({ number, plannedAt, counts, files, status }: Batch): Part {
  const batch = lineageNode(
    'batch',
    number,
    `${counts.expected} rows in, ${counts.rejected} rejected, ${plannedAt}, ${status}`,
  );
  const nodes = files.map(({ key, rows, sha256 }) =>
    lineageNode('file', key, `${rows} rows, sha256 ${sha256.slice(0, 12)}`),
  );
  return { nodes: [...nodes, batch], edges: nodes.map(({ id }) => ({ from: id, to: batch.id })) };
}

function into({ number }: Batch, { snapshotId }: DatasetManifest): Part {
  return { nodes: [], edges: [{ from: `batch:${number}`, to: `snapshot:${snapshotId}` }] };
}

function describeDataset({
  datasetId,
  snapshotId,
  table,
  committedAt,
  rows,
  positives,
  parts,
  window,
}: DatasetManifest): Part {
  const snapshot = lineageNode('snapshot', snapshotId, `of ${table}, committed ${committedAt}`);
  const words = `${rows} rows, ${positives} positive, in ${parts.length} files, window ${window.mode}`;
  const dataset = lineageNode('dataset', datasetId, words);
  return { nodes: [snapshot, dataset], edges: [{ from: snapshot.id, to: dataset.id }] };
}

function describeTraining(version: Version, run: TrackedRun | undefined, experiment: Experiment | undefined): Part {
  const { modelSha256, createdAt, tags } = version;
  const own = lineageNode('version', version.version, `model ${modelSha256.slice(0, 12)}, registered ${createdAt}`);
  const dataset = `dataset:${tags.dataset_id}`;
  // Nobody knows what made an imported model; the dataset is the one that it was measured on.
  if (!run || !experiment) return { nodes: [own], edges: [{ from: dataset, to: own.id }] };
  const { parameters, seed, experimentId, runId, startedAt } = run;
  const program = lineageNode('program', run.tags.code_version, `code/${run.tags.code_version}.mjs`);
  const tried = lineageNode(
    'experiment',
    experimentId,
    `${experiment.trials.length} trials, judged by ${experiment.metric}`,
  );
  const trial = lineageNode('run', runId, `${parameters.algorithm}, seed ${seed}, ${startedAt}`);
  return {
    nodes: [program, tried, trial, own],
    edges: [
      { from: dataset, to: tried.id },
      { from: program.id, to: tried.id },
      { from: tried.id, to: trial.id },
      { from: trial.id, to: own.id },
    ],
  };
}

function describeRelease({ release, version, strategy, status, requestedAt }: Release): Part {
  return madeFrom(
    `version:${version}`,
    lineageNode('release', release, `${strategy}, ${status}, asked for ${requestedAt}`),
  );
}

function describeReport({ reportId, revision, champion, drift, predictions }: ReportSummary): Part {
  const words = `${predictions} predictions, drift: ${drift}`;
  return madeFrom(`version:${champion}`, lineageNode('report', `${reportId}#${revision}`, words));
}

/** From when to when the version answered, and whom. */
function describePredictions({ version }: Version, ledger: readonly LedgerEntry[]): Part {
  const parts = ledger.flatMap(({ entry, at, routing }, index) => {
    const variant = routing?.variants.find(variant => variant.version === version);
    if (!variant) return [];
    const until = ledger[index - 1]?.at ?? 'now';
    const words = `${(100 * variant.share).toFixed(0)} % of the units as ${variant.name}, ${at} to ${until}`;
    return [madeFrom(`version:${version}`, lineageNode('predictions', `entry ${entry}`, words))];
  });
  return { nodes: parts.flatMap(({ nodes }) => nodes), edges: parts.flatMap(({ edges }) => edges) };
}

function madeFrom(from: LineageEdge['from'], node: LineageNode): Part {
  return { nodes: [node], edges: [{ from, to: node.id }] };
}
