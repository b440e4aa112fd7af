import { readFileSync } from 'node:fs';
import { type FeatureColumn, type LabelledColumns, missingCode } from '../../ml/columns.ts';

/** Made-up rows of test/reference/logistic-regression.py, of which the first `fittedRows` are fitted. */
export interface ReferenceRows extends LabelledColumns {
  readonly fittedRows: number;
}

/** Reads the rows that several references are fitted on. */
export function readReferenceRows(): ReferenceRows {
  const { rows, fittedRows }: { rows: Record<string, number | string | null>[]; fittedRows: number } = JSON.parse(
    readFileSync('test/reference/logistic-regression.json', 'utf8'),
  );
  const numberOf = (name: string): FeatureColumn => ({
    kind: 'number',
    name,
    values: Float32Array.from(rows, row => (row[name] === null ? Number.NaN : Number(row[name]))),
  });
  const categoryOf = (name: string): FeatureColumn => {
    const levels = [...new Set(rows.map(row => row[name]).filter(level => typeof level === 'string'))].sort();
    const codeOf = (level: unknown) => (level === null ? missingCode : levels.indexOf(level as string));
    return { kind: 'category', name, levels, codes: Int32Array.from(rows, row => codeOf(row[name])) };
  };
  return {
    columns: [...['age', 'balance', 'contacted'].map(numberOf), ...['job', 'month'].map(categoryOf)],
    labels: Uint8Array.from(rows, row => Number(row.label)),
    fittedRows,
  };
}
