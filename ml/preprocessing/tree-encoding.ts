import { type CategoryColumn, type FeatureColumn, missingCode } from '../columns.ts';
import { columnOf } from './column-of.ts';
import { countLevels } from './imputation.ts';

/** A category as trees read it: the position of its level in `levels`. */
export interface CodedCategory {
  readonly kind: 'category';
  readonly name: string;
  /** Levels that occur in the fitted rows, the most frequent first; `''` stands for a missing value and is there if one occurs. */
  readonly levels: readonly string[];
}

/** How features become the numbers that trees split: numbers as they are, NaN for missing; categories coded. */
export interface TreeEncoding {
  readonly features: readonly ({ readonly kind: 'number'; readonly name: string } | CodedCategory)[];
}

/**
 * Finds the levels of each category.
 *
 * @param rows the only rows looked at
 * @param maxLevels levels kept at most; rarer ones count as unknown
 */
export function fitTreeEncoding(columns: readonly FeatureColumn[], rows: Int32Array, maxLevels: number): TreeEncoding {
  return {
    features: columns.map(column =>
      column.kind === 'number'
        ? { kind: 'number', name: column.name }
        : { kind: 'category', name: column.name, levels: frequentLevels(column, rows).slice(0, maxLevels) },
    ),
  };
}

/** One float32 column a feature, of the given rows. @throws {TypeError} when a column is missing or of the other kind */
export function encodeForTrees(
  { features }: TreeEncoding,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
): Float32Array[] {
  const byName = new Map(columns.map(column => [column.name, column]));
  return features.map(feature => {
    const encoded = new Float32Array(rows.length);
    encodeFeature(feature, columnOf(byName, feature.name, feature.kind), rows, encoded);
    return encoded;
  });
}

/** Encodes a feature. OUT: `encoded`, a value for each of the rows: numbers as they are, levels by position; NaN for missing or unknown */
export function encodeFeature(
  feature: TreeEncoding['features'][number],
  column: FeatureColumn,
  rows: Int32Array,
  encoded: Float32Array,
): void {
  if (feature.kind === 'category' && column.kind === 'category') encodeCategory(feature, column, rows, encoded);
  else if (column.kind === 'number') takeRows(column.values, rows, encoded);
}

/** By falling count; `''`, for missing values, among them by its own. */
function frequentLevels({ levels, codes }: CategoryColumn, rows: Int32Array): string[] {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const row of rows) if (codes[row] === missingCode) missing += 1;
  if (missing > 0) counts.set('', missing);
  countLevels(codes, rows, levels.length).forEach((count, i) => {
    if (count > 0) counts.set(levels[i]!, (counts.get(levels[i]!) ?? 0) + count);
  });
  // Sorting is stable: equals keep the order of the column's levels.
  return [...counts].sort(([, a], [, b]) => b - a).map(([level]) => level);
}

function encodeCategory(
  feature: CodedCategory,
  { levels, codes }: CategoryColumn,
  rows: Int32Array,
  encoded: Float32Array,
): void {
  const positions = new Map(feature.levels.map((level, i) => [level, i]));
  const byCode = levels.map(level => positions.get(level) ?? Number.NaN);
  const missing = positions.get('') ?? Number.NaN;
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!;
    encoded[i] = code === missingCode ? missing : (byCode[code] ?? Number.NaN);
  }
}

function takeRows(values: Float32Array, rows: Int32Array, taken: Float32Array): void {
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
}
