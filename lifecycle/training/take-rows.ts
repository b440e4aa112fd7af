import type { FeatureColumn } from '../../ml/columns.ts';

/** Copies rows of columns, in the order given. */
export function takeRows(columns: readonly FeatureColumn[], rows: Int32Array): FeatureColumn[] {
  return columns.map(column =>
    column.kind === 'number'
      ? { ...column, values: Float32Array.from(rows, row => column.values[row]!) }
      : { ...column, codes: rows.map(row => column.codes[row]!) },
  );
}
