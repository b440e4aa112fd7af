import type { AsyncBuffer } from 'hyparquet';
import type { ScoringPart } from '../../contracts/scoring-tasks.ts';
import type { FeatureColumn } from '../../ml/columns.ts';
import type { Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { isMissing } from '../datasets/cell-values.ts';
import { UnreadableFileError } from '../datasets/errors.ts';
import { openParquet, readParquetColumns } from '../datasets/parquet-columns.ts';
import { fileColumns } from '../datasets/parse-row.ts';
import type { RawRow } from '../datasets/raw-row.ts';
import { fileEndings, readRows } from '../datasets/read-rows.ts';
import { isUnreadable, toFeatureColumns } from './feature-columns.ts';

/** Rows that are scored at once. */
export interface ScoringBlock {
  readonly observationIds: readonly (string | null)[];
  /** Numbers in the file; null for observations. */
  readonly rowNumbers: readonly number[] | null;
  readonly columns: readonly FeatureColumn[];
  /** Rows that were left out. */
  readonly rejected: number;
}

/** Reads the rows of a part, block by block. @throws {UnreadableFileError} when a file is none, or lacks a feature */
export async function* readPart(
  objects: Objects,
  useCase: UseCase,
  { key, rows }: ScoringPart,
): AsyncGenerator<ScoringBlock> {
  if (rows) yield readObservations(useCase, openParquet(objects, { key, size: rows.size }), rows);
  else yield* readFile(objects, useCase, key);
}

async function readObservations(
  useCase: UseCase,
  file: AsyncBuffer,
  rows: { readonly start: number; readonly end: number },
): Promise<ScoringBlock> {
  const { columns } = await readParquetColumns(file, rows);
  return {
    observationIds: columns.get('observation_id') as string[],
    rowNumbers: null,
    columns: toFeatureColumns(useCase, name => columns.get(name)!),
    rejected: 0,
  };
}

async function* readFile(objects: Objects, useCase: UseCase, key: string): AsyncGenerator<ScoringBlock> {
  const source = readRows(key, await objects.stream(key));
  if (!source) {
    throw new UnreadableFileError(`${key} ends in none of ${fileEndings.map(ending => `.${ending}`).join(', ')}`);
  }
  const names = fileColumns(useCase);
  let isChecked = false;
  for await (const rows of source.blocks) {
    if (rows.length === 0) continue;
    if (!isChecked) requireColumns(key, source.columns, names.features);
    isChecked = true;
    const features = Object.entries(useCase.features).map(([name, feature], index) => ({
      ...{ name, feature, column: names.features[index]! },
    }));
    const records = rows.flatMap(({ number, record }: RawRow) => {
      if (!record || features.some(({ feature, column }) => isUnreadable(feature, record[column]))) return [];
      return [{ number, record }];
    });
    const columnOf = new Map(features.map(({ name, column }) => [name, column]));
    yield {
      observationIds: records.map(({ record }) => idOf(record[names.observationId])),
      rowNumbers: records.map(({ number }) => number),
      columns: toFeatureColumns(useCase, name => records.map(({ record }) => record[columnOf.get(name)!])),
      rejected: rows.length - records.length,
    };
  }
  if (!isChecked) throw new UnreadableFileError(`${key} has no row`);
}

function requireColumns(key: string, present: ReadonlySet<string>, wanted: readonly string[]): void {
  const missing = wanted.filter(name => !present.has(name));
  if (missing.length === 0) return;
  throw new UnreadableFileError(`${key} lacks ${missing.map(name => `"${name}"`).join(', ')}`);
}

function idOf(value: unknown): string | null {
  return isMissing(value) ? null : String(value).trim();
}
