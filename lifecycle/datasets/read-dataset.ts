import { hash } from 'node:crypto';
import { type FeatureColumn, missingCode, unseenCode } from '../../ml/columns.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import { type CellValue, createContentHash } from './content-hash.ts';
import type { DatasetManifest, DatasetPart } from './manifest.ts';
import { readParquetColumns } from './parquet-columns.ts';

/** A frozen dataset in memory, by observation id. The arrays have one entry a row. */
export interface Dataset {
  readonly manifest: DatasetManifest;
  readonly observationIds: readonly string[];
  readonly entityIds: readonly string[];
  /** Epoch milliseconds. */
  readonly eventTimes: Float64Array;
  readonly ingestSeqs: Float64Array;
  readonly labelSeqs: Float64Array;
  /** 1 = positive. */
  readonly labels: Uint8Array;
  /** Features in the use case's order. */
  readonly columns: readonly FeatureColumn[];
}

/** Where a dataset's files are. */
export type DatasetFiles = Pick<Objects, 'uri' | 'read' | 'readJson'>;

/** Thrown when a dataset's files are not those its manifest describes. */
export class DatasetCorruptError extends Error {
  override readonly name = 'DatasetCorruptError';
}

/**
 * Reads a frozen dataset, verifies it against its manifest and sorts it by observation id, so that its order no longer depends on how it was exported.
 *
 * @throws {DatasetCorruptError}
 */
export async function readDataset(files: DatasetFiles, useCase: UseCase, manifestKey: string): Promise<Dataset> {
  const manifest = await files.readJson<DatasetManifest>(manifestKey);
  const values = await readParts(files, manifest);
  verifyContent(manifest, values);
  const order = orderBy(values.get('observation_id') as string[]);
  const sorted = (name: string) => {
    const column = values.get(name) ?? [];
    return Array.from(order, row => column[row]);
  };
  return {
    manifest,
    observationIds: sorted('observation_id') as string[],
    entityIds: sorted('entity_id') as string[],
    eventTimes: Float64Array.from(sorted('event_time'), time => (time as Date).getTime()),
    ingestSeqs: Float64Array.from(sorted('ingest_seq'), Number),
    labelSeqs: Float64Array.from(sorted('label_seq'), Number),
    labels: Uint8Array.from(sorted('label'), Number),
    columns: Object.entries(useCase.features).map(([name, feature]) => featureColumn(name, feature, sorted(name))),
  };
}

async function readParts(files: DatasetFiles, { parts, schema }: DatasetManifest): Promise<Map<string, CellValue[]>> {
  const values = new Map(schema.map(({ name }) => [name, [] as CellValue[]]));
  for (const part of parts) {
    const { rows, columns } = await readParquetColumns(await readVerified(files, part));
    for (const [name, all] of values) {
      const column = columns.get(name);
      for (let row = 0; row < rows; row++) all.push(column?.[row]);
    }
  }
  return values;
}

async function readVerified(files: DatasetFiles, part: DatasetPart): Promise<Uint8Array> {
  const bytes = await files.read(part.key);
  const sha256 = hash('sha256', bytes, 'hex');
  if (sha256 !== part.sha256) {
    throw new DatasetCorruptError(`Part ${files.uri(part.key)} has sha256 ${sha256}, manifest says ${part.sha256}`);
  }
  return bytes;
}

function verifyContent(
  { datasetId, schema, rows, contentHash }: DatasetManifest,
  values: ReadonlyMap<string, readonly CellValue[]>,
): void {
  const content = createContentHash(schema);
  const columns = schema.map(({ name }) => values.get(name)!);
  const found = columns[0]?.length ?? 0;
  for (let row = 0; row < found; row++) content.add(columns.map(column => column[row]));
  const digest = content.digest();
  if (found !== rows || digest !== contentHash) {
    throw new DatasetCorruptError(
      `Dataset ${datasetId} has ${found} rows with content ${digest}, manifest says ${rows} with ${contentHash}`,
    );
  }
}

/** Row numbers in the order of their ids' code units, the same on any machine. */
function orderBy(ids: readonly string[]): Uint32Array {
  return Uint32Array.from(ids.keys()).sort((left, right) => (ids[left]! < ids[right]! ? -1 : 1));
}

function featureColumn(name: string, feature: Feature, values: readonly CellValue[]): FeatureColumn {
  if (feature.type !== 'category') {
    return { kind: 'number', name, values: Float32Array.from(values, value => Number(value ?? Number.NaN)) };
  }
  const codes = new Map<CellValue, number>(feature.levels.map((level, code) => [level, code]));
  codes.set(null, missingCode).set(undefined, missingCode);
  return {
    kind: 'category',
    name,
    levels: feature.levels,
    codes: Int32Array.from(values, value => codes.get(value) ?? unseenCode),
  };
}
