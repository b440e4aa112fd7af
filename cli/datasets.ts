import { Command } from 'commander';
import { compareDatasets, type FeatureComparison } from '../lifecycle/datasets/compare-datasets.ts';
import { type FrozenDataset, listFrozenDatasets } from '../lifecycle/datasets/frozen-dataset.ts';
import type { DatasetManifest } from '../lifecycle/datasets/manifest.ts';
import { type Dataset, readDataset } from '../lifecycle/datasets/read-dataset.ts';
import { type ColumnSummary, summarizeColumn } from '../lifecycle/datasets/summarize-column.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { identify } from './identify.ts';
import { count, minute, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial datasets`: the frozen rows that models were trained on. */
export function datasetsCommand(): Command {
  const datasets = new Command('datasets').description(
    'Lists, shows and compares the frozen datasets: the rows of a snapshot that a model was trained on.',
  );
  datasets
    .command('list')
    .description('Lists the frozen datasets, newest first, with the snapshot that each was made from.')
    .argument('<useCase>', 'id of the use case')
    .addHelpText('after', examples('datasets list bank-marketing'))
    .action(answering(list));
  datasets
    .command('show')
    .description('Shows what is in a dataset, and by which statement it came to be.')
    .argument('<useCase>', 'id of the use case')
    .argument('<dataset>', 'id of the dataset, or its beginning')
    .addHelpText('after', examples('datasets show bank-marketing 3f9ab2'))
    .action(answering(show));
  datasets
    .command('diff')
    .description('Compares two datasets row by row, by observation id.')
    .argument('<useCase>', 'id of the use case')
    .argument('<before>', 'id of a dataset, or its beginning')
    .argument('<after>', 'id of another')
    .addHelpText('after', examples('datasets diff bank-marketing 3f9ab2 81c04e'))
    .action(answering(diff));
  return datasets;
}

async function list({ registry, useCases }: Deployment, _: object, useCase: string): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const found = await listFrozenDatasets(registry, useCase);
  return { data: found, text: found.length > 0 ? describeList(found) : `"${useCase}" has no frozen dataset yet` };
}

function describeList(datasets: readonly FrozenDataset[]): string {
  return table(
    ['dataset', 'frozen (UTC)', 'rows', 'positives', 'snapshot', 'content'],
    datasets.map(({ datasetId, createdAt, rows, positives, snapshotId, contentHash }) => [
      ...[datasetId.slice(0, 12), minute(createdAt), rows, positives, snapshotId, contentHash.slice(0, 12)],
    ]),
  );
}

async function show(deployment: Deployment, _: object, useCase: string, id: string): Promise<Answer> {
  const [{ manifest, columns }] = (await readDatasets(deployment, useCase, [id])) as [Dataset];
  const features = columns.map(column => ({ name: column.name, ...summarizeColumn(column) }));
  return { data: { ...manifest, features }, text: describe(manifest, features) };
}

async function readDatasets(
  { registry, objects, useCases }: Deployment,
  id: string,
  datasetIds: readonly string[],
): Promise<Dataset[]> {
  requireUseCase(id, useCases);
  const [useCase, known] = await Promise.all([loadUseCase(id, useCases), listFrozenDatasets(registry, id)]);
  const found = datasetIds.map(beginning => identify('dataset', known, ({ datasetId }) => datasetId, beginning));
  return Promise.all(found.map(({ manifestKey }) => readDataset(objects, useCase, manifestKey)));
}

function describe(manifest: DatasetManifest, features: readonly (ColumnSummary & { name: string })[]): string {
  const { rows, positives, parts, ingestSeq, labelSeq, window } = manifest;
  const lines = [
    ['Dataset', manifest.datasetId],
    ['Content', manifest.contentHash],
    ['Frozen', `${minute(manifest.createdAt)} UTC`],
    ['Rows', `${count(rows)}, ${count(positives)} positive (${((100 * positives) / rows).toFixed(1)} %)`],
    ['Window', `${JSON.stringify(window)}, events up to ${minute(manifest.matureUntil)} UTC`],
    ['Snapshot', `${manifest.snapshotId} of ${manifest.table}, committed ${minute(manifest.committedAt)} UTC`],
    ['Parent', manifest.parentSnapshotId ?? 'none'],
    ['Batches', `ingested by ${span(ingestSeq)}, labelled by ${span(labelSeq)}`],
    ['Files', `${parts.length}, ${count(parts.reduce((sum, { bytes }) => sum + bytes, 0))} bytes`],
  ];
  const rowsOfTable = features.map(({ name, missing, ...summary }) => [name, missing, summarize(summary)]);
  const heading = lines.map(([name, text]) => `${name!.padEnd(8)}  ${text}`).join('\n');
  return `${heading}\n\n${table(['feature', 'missing', 'values'], rowsOfTable)}\n\n${manifest.sql}`;
}

function span({ from, to }: DatasetManifest['ingestSeq']): string {
  return from === to ? String(from) : `${from}–${to}`;
}

const shownLevels = 4;

function summarize({ numbers, levels }: Omit<ColumnSummary, 'missing'>): string {
  if (numbers) return [numbers.minimum, numbers.median, numbers.maximum].map(shorten).join(' · ');
  const shown = levels.slice(0, shownLevels).map(([level, rows]) => `${level} ${count(rows)}`);
  const rest = levels.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more levels`] : [])].join(', ');
}

async function diff(
  deployment: Deployment,
  _: object,
  useCase: string,
  beforeId: string,
  afterId: string,
): Promise<Answer> {
  const [before, after] = (await readDatasets(deployment, useCase, [beforeId, afterId])) as [Dataset, Dataset];
  const comparison = compareDatasets(before, after);
  const { kept, added, removed, addedPositives, removedPositives, relabelled, features } = comparison;
  const [from, to] = [before.manifest, after.manifest];
  const text = [
    `${from.datasetId.slice(0, 12)}: ${count(from.rows)} rows of snapshot ${from.snapshotId}, ${minute(from.committedAt)} UTC`,
    `${to.datasetId.slice(0, 12)}: ${count(to.rows)} rows of snapshot ${to.snapshotId}, ${minute(to.committedAt)} UTC`,
    `${count(added)} rows were added (${count(addedPositives)} positive), ${count(removed)} removed (${count(removedPositives)} positive), ${count(kept)} are in both; ${count(relabelled)} of these have another label`,
    '',
    table(['feature', 'rows changed', 'missing before', 'after', 'before', 'after'], features.map(describeChange)),
  ].join('\n');
  return { data: { before: from.datasetId, after: to.datasetId, ...comparison }, text };
}

function describeChange({ name, changed, before, after }: FeatureComparison): (string | number)[] {
  return [name, changed, before.missing, after.missing, describeCentre(before), describeCentre(after)];
}

/** The mean, or the shares of the most frequent levels. */
function describeCentre({ numbers, levels }: ColumnSummary): string {
  if (numbers) return `mean ${shorten(numbers.mean)}`;
  const rows = levels.reduce((sum, [, count]) => sum + count, 0);
  const shares = levels.slice(0, 2).map(([level, count]) => `${level} ${((100 * count) / rows).toFixed(1)} %`);
  return shares.join(', ') || 'no value';
}

function shorten(value: number): number {
  return Number(value.toPrecision(4));
}
