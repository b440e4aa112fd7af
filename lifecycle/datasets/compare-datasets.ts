import type { FeatureColumn } from '../../ml/columns.ts';
import type { Dataset } from './read-dataset.ts';
import { type ColumnSummary, summarizeColumn } from './summarize-column.ts';

/** What changed from one frozen dataset to another of the same use case. */
export interface DatasetComparison {
  /** Rows of both, and those that only one of them has, by observation id. */
  readonly kept: number;
  readonly added: number;
  readonly removed: number;
  readonly addedPositives: number;
  readonly removedPositives: number;
  /** Rows of both whose label differs. */
  readonly relabelled: number;
  readonly features: readonly FeatureComparison[];
}

export interface FeatureComparison {
  readonly name: string;
  /** Rows of both whose value differs. */
  readonly changed: number;
  readonly before: ColumnSummary;
  readonly after: ColumnSummary;
}

/** Compares two datasets row by row. */
export function compareDatasets(before: Dataset, after: Dataset): DatasetComparison {
  const { kept, removed, added } = matchRows(before.observationIds, after.observationIds);
  return {
    ...{ kept: kept.length, added: added.length, removed: removed.length },
    addedPositives: countPositives(after, added),
    removedPositives: countPositives(before, removed),
    relabelled: kept.filter(([row, other]) => before.labels[row] !== after.labels[other]).length,
    features: before.columns.map((column, i) => {
      const other = after.columns[i]!;
      const changed = kept.filter(pair => differs(column, other, pair)).length;
      return { name: column.name, changed, before: summarizeColumn(column), after: summarizeColumn(other) };
    }),
  };
}

type RowPair = readonly [before: number, after: number];

/** Rows by their ids, which are in the order of their code units. */
function matchRows(
  before: readonly string[],
  after: readonly string[],
): { kept: RowPair[]; removed: number[]; added: number[] } {
  const rows = { kept: [] as RowPair[], removed: [] as number[], added: [] as number[] };
  let [row, other] = [0, 0];
  while (row < before.length || other < after.length) {
    if (other === after.length || before[row]! < after[other]!) rows.removed.push(row++);
    else if (row === before.length || before[row]! > after[other]!) rows.added.push(other++);
    else rows.kept.push([row++, other++]);
  }
  return rows;
}

/** Missing is the same as missing. Both columns have the use case's levels. */
function differs(column: FeatureColumn, other: FeatureColumn, [row, otherRow]: RowPair): boolean {
  const [value, otherValue] = [numberAt(column, row), numberAt(other, otherRow)];
  return !Object.is(value, otherValue);
}

function numberAt(column: FeatureColumn, row: number): number {
  return column.kind === 'number' ? column.values[row]! + 0 : column.codes[row]!;
}

function countPositives({ labels }: Dataset, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + labels[row]!, 0);
}
