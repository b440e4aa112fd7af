import { hash, randomUUID } from 'node:crypto';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { FreezeInput, FreezeOutput } from '../../contracts/tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { observationsTable } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { describeFreeze } from '../lineage/describe-acts.ts';
import { recordAct } from '../lineage/record-act.ts';
import { readVersion } from '../registry/versions.ts';
import { readLatestEntry } from '../release/ledger.ts';
import { readLatestCompleteBatch } from './batch.ts';
import { claimDataset, type FrozenDataset, readFrozenDataset } from './frozen-dataset.ts';
import type { DatasetManifest, Snapshot } from './manifest.ts';
import { type DatasetSelection, selectDataset } from './select-dataset.ts';
import { readCurrentSnapshot, readTableUuid } from './snapshot.ts';
import { sqlString } from './sql-literal.ts';
import { type PartsSummary, summarizeParts } from './summarize-parts.ts';

export interface FreezeServices {
  readonly athena: Athena;
  readonly objects: Objects;
  readonly registry: Table;
  readonly clock: Clock;
}

/**
 * Exports the mature observations of the table's current snapshot as a dataset that never changes. The same rows asked for in the same words are one dataset, exported once.
 * Answers `insufficient data` below the use case's minimum of rows or positives.
 */
export async function freeze(services: FreezeServices, useCase: UseCase, input: FreezeInput): Promise<FreezeOutput> {
  const { athena, objects, registry, clock } = services;
  const startedAt = clock.now().toISOString();
  const table = observationsTable(useCase);
  const snapshot = await readCurrentSnapshot(athena, table.name);
  if (!snapshot) return insufficient('there are no observations yet', { rows: 0, positives: 0 });
  const selection = await select(services, useCase, input, snapshot);
  const tableUuid = await readTableUuid(objects, table.prefix);
  const datasetId = hash(
    'sha256',
    JSON.stringify([tableUuid, snapshot.snapshotId, selection.sql, selection.schema]),
    'hex',
  );
  const present = await readFrozenDataset(registry, useCase.id, datasetId);
  if (present) return frozen(present);
  const counts = await countRows(athena, selection);
  const shortage = findShortage(useCase, counts);
  if (shortage) return insufficient(shortage, counts);
  const description = { datasetId, useCase: useCase.id, table: table.name, tableUuid, ...snapshot, ...selection };
  const { manifest, manifestKey } = await exportDataset(services, description);
  // The claim makes it the dataset, so that nobody comes here again after it.
  await recordAct(objects, describeFreeze(useCase, manifest, { executionId: input.executionId, startedAt }));
  return frozen(await claimDataset(registry, useCase.id, { ...entryOf(manifest), manifestKey }));
}

async function select(
  { registry, objects }: FreezeServices,
  useCase: UseCase,
  { request, startedAt }: FreezeInput,
  { snapshotId }: Snapshot,
): Promise<DatasetSelection> {
  const window = request.window ?? useCase.training.window;
  const labelSeq = await labelSeqAfterChampion(registry, objects, useCase.id);
  return selectDataset({ useCase, window, snapshotId, startedAt, labelSeq });
}

/** Label sequence numbers `(after, to]`: newer than those the champion was trained on, up to the newest batch. */
export async function labelSeqAfterChampion(registry: Table, objects: Objects, useCase: string) {
  const champion = (await readLatestEntry(registry, useCase))?.routing?.variants[0];
  const newest = await readLatestCompleteBatch(registry, useCase);
  const to = newest?.table.newestBatch ?? 0;
  if (!champion) return { after: 0, to };
  const { manifestKey } = await readVersion(registry, useCase, champion.version);
  const { labelSeq } = await objects.readJson<DatasetManifest>(manifestKey);
  return { after: labelSeq.to, to };
}

interface RowCounts {
  readonly rows: number;
  readonly positives: number;
}

async function countRows(athena: Athena, { sql }: DatasetSelection): Promise<RowCounts> {
  const [row] = await athena.query(`SELECT count(*) AS found, sum(label) AS positives FROM (${sql}) selected`);
  return { rows: Number(row!.found), positives: Number(row!.positives ?? 0) };
}

function findShortage({ training }: UseCase, { rows, positives }: RowCounts): string | undefined {
  if (rows < training.minimumRows) return `${rows} mature rows, at least ${training.minimumRows} are needed`;
  if (positives < training.minimumPositives) {
    return `${positives} positives in ${rows} mature rows, at least ${training.minimumPositives} are needed`;
  }
  return undefined;
}

type DatasetDescription = Omit<DatasetManifest, keyof PartsSummary | 'createdAt'>;

/** Writes the parts and the manifest of one attempt, under a prefix of its own. */
async function exportDataset(
  { athena, objects, clock }: FreezeServices,
  description: DatasetDescription,
): Promise<{ readonly manifest: DatasetManifest; readonly manifestKey: string }> {
  const { datasetId, useCase, sql, schema } = description;
  const prefix = `${bucketPrefixes.datasets}${useCase}/${datasetId}/${randomUUID()}/`;
  await athena.execute(
    `UNLOAD (${sql}) TO ${sqlString(objects.uri(prefix))} WITH (format = 'PARQUET', compression = 'SNAPPY')`,
  );
  const summary = await summarizeParts(objects, prefix, schema);
  const manifest: DatasetManifest = { ...description, createdAt: clock.now().toISOString(), ...summary };
  const manifestKey = `${prefix}manifest.json`;
  await objects.write(manifestKey, JSON.stringify(manifest, null, 2), 'application/json');
  return { manifest, manifestKey };
}

function entryOf({ datasetId, contentHash, snapshotId, rows, positives, createdAt }: DatasetManifest) {
  return { datasetId, contentHash, snapshotId, rows, positives, createdAt };
}

function frozen({ datasetId, manifestKey, rows, positives }: FrozenDataset): FreezeOutput {
  return { status: 'frozen', datasetId, manifestKey, rows, positives };
}

function insufficient(reason: string, { rows, positives }: RowCounts): FreezeOutput {
  return { status: 'insufficient data', reason, rows, positives };
}
