import type { FeatureColumn, LabelledColumns } from '../columns.ts';
import { join } from './random-sampling.ts';

/** Columns with rows of other columns after their own; both have the same features in the same order. */
export function appendRows(
  { columns, labels }: LabelledColumns,
  given: LabelledColumns,
  rows: Int32Array,
): LabelledColumns {
  const appended = new Uint8Array(labels.length + rows.length);
  appended.set(labels);
  appended.set(
    Uint8Array.from(rows, row => given.labels[row]!),
    labels.length,
  );
  return { columns: columns.map((column, i) => appendValues(column, given.columns[i]!, rows)), labels: appended };
}

function appendValues(column: FeatureColumn, given: FeatureColumn, rows: Int32Array): FeatureColumn {
  if (column.kind === 'category' && given.kind === 'category') {
    return {
      ...column,
      codes: join(
        column.codes,
        rows.map(row => given.codes[row]!),
      ),
    };
  }
  if (column.kind === 'number' && given.kind === 'number') {
    const values = new Float32Array(column.values.length + rows.length);
    values.set(column.values);
    values.set(
      Float32Array.from(rows, row => given.values[row]!),
      column.values.length,
    );
    return { ...column, values };
  }
  throw new TypeError(`Cannot append "${given.name}", a ${given.kind}, to "${column.name}", a ${column.kind}`);
}
