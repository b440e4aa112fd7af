import { stat } from 'node:fs/promises';
import type { FeatureColumn, LabelledColumns } from '../../ml/columns.ts';
import { findTableProblems, type TableDemand, UnsuitableTableError } from './check-table.ts';
import { type ColumnBuilder, startColumn } from './column-builders.ts';
import { UnreadableFileError } from './errors.ts';
import { type InferredColumn, type InferredTable, inferColumns } from './infer-columns.ts';
import { readTable, type TableFile } from './table-file.ts';

/** A column that teaches nothing, and why. */
export interface LeftOutColumn {
  readonly name: string;
  readonly reason: string;
}

/** The rows of a file that have a label, as a model is trained on them. */
export interface LabelledTable extends LabelledColumns {
  /** Features in the file's order; the values of each are the entry of `columns` at the same place. */
  readonly features: readonly InferredColumn[];
  readonly leftOut: readonly LeftOutColumn[];
  /** Whom each row is about: the row itself where the file does not say. */
  readonly entityIds: ArrayLike<string | number>;
  /** Rows without a label, which are not here. */
  readonly unlabelled: number;
  /** The label's values. */
  readonly positive: string;
  readonly negative: string;
}

/**
 * Reads a file whose columns are not described anywhere: once to infer what they hold, once more into memory, float32 numbers and codes of levels.
 *
 * @throws {UnreadableFileError}
 * @throws {UnsuitableTableError} naming everything that keeps a model from being trained on it
 */
export async function readLabelledTable(file: TableFile, demand: TableDemand): Promise<LabelledTable> {
  await requireLasting(file);
  const inferred = await inferColumns(file, demand);
  const problems = findTableProblems(inferred, demand);
  if (problems.length > 0) throw new UnsuitableTableError(file.path, problems);
  const { builders, labels, entityIds } = await readValues(file, demand, inferred);
  const columns = builders.map(({ column, finish }) => ({ column, values: finish() }));
  const kept = columns.filter(({ values }) => typeof values !== 'string');
  const leftOut = columns.filter(({ values }) => typeof values === 'string');
  if (kept.length === 0) throw new UnsuitableTableError(file.path, ['no column is left to learn from']);
  return {
    ...{ labels, entityIds },
    columns: kept.map(({ values }) => values as FeatureColumn),
    features: kept.map(({ column }) => column),
    leftOut: leftOut.map(({ column: { name }, values }) => ({ name, reason: values as string })),
    unlabelled: inferred.labels.get('') ?? 0,
    positive: demand.positive,
    negative: [...inferred.labels.keys()].find(value => value !== '' && value !== demand.positive)!,
  };
}

/** What comes out of a pipe is gone once it has been read. @throws {UnreadableFileError} */
async function requireLasting({ path }: TableFile): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile() && !found.isDirectory()) {
    throw new UnreadableFileError(`Cannot train on "${path}": it is read twice, expected a file, not a pipe or device`);
  }
}

async function readValues(
  file: TableFile,
  { label, positive, entity }: TableDemand,
  inferred: InferredTable,
): Promise<{ builders: readonly ColumnBuilder[] } & Pick<LabelledTable, 'labels' | 'entityIds'>> {
  const count = [...inferred.labels].reduce((sum, [value, rows]) => sum + (value === '' ? 0 : rows), 0);
  const labels = new Uint8Array(count);
  const entityIds = entity === undefined ? Int32Array.from(labels.keys()) : new Array<string | number>(count);
  const builders = inferred.columns.map(column => startColumn(column, count));
  let next = 0;
  const { blocks } = await readTable(file);
  for await (const block of blocks) {
    for (const row of block) {
      const value = row.text(label);
      if (value === '') continue;
      labels[next] = value === positive ? 1 : 0;
      if (entity !== undefined) entityIds[next] = row.text(entity) || next;
      for (const { column, set } of builders) set(next, row.text(column.name));
      next += 1;
    }
  }
  return { builders, labels, entityIds };
}
