import { type FeatureColumn, missingCode } from '../../ml/columns.ts';

/** What a feature's values are, in short. */
export interface ColumnSummary {
  readonly missing: number;
  /** Null for categories, and where every value is missing. */
  readonly numbers: {
    readonly minimum: number;
    readonly median: number;
    readonly mean: number;
    readonly maximum: number;
  } | null;
  /** Levels that occur with the number of their rows, the most frequent first; empty for numbers. */
  readonly levels: readonly (readonly [level: string, rows: number])[];
}

/** Summarizes a feature over all rows. */
export function summarizeColumn(column: FeatureColumn): ColumnSummary {
  if (column.kind === 'category') return summarizeLevels(column);
  const values = column.values.filter(value => !Number.isNaN(value)).sort();
  const missing = column.values.length - values.length;
  if (values.length === 0) return { missing, numbers: null, levels: [] };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const median = values[values.length >> 1]!;
  return { missing, numbers: { minimum: values[0]!, median, mean, maximum: values.at(-1)! }, levels: [] };
}

function summarizeLevels({ levels, codes }: FeatureColumn & { kind: 'category' }): ColumnSummary {
  const rows = levels.map(() => 0);
  for (const code of codes) if (code >= 0) rows[code]! += 1;
  const counted = levels.map((level, code) => [level, rows[code]!] as const).filter(([, count]) => count > 0);
  const missing = codes.reduce((sum, code) => sum + (code === missingCode ? 1 : 0), 0);
  return { missing, numbers: null, levels: counted.sort(([, a], [, b]) => b - a) };
}
