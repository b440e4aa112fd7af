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

/** Code of a level that was not fitted. */
export const unknownLevel = -1;

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
  return features.map(feature =>
    feature.kind === 'number'
      ? takeRows(columnOf(byName, feature.name, 'number').values, rows)
      : encodeCategory(feature, columnOf(byName, feature.name, 'category'), rows),
  );
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

function encodeCategory(feature: CodedCategory, { levels, codes }: CategoryColumn, rows: Int32Array): Float32Array {
  const positions = new Map(feature.levels.map((level, i) => [level, i]));
  const byCode = levels.map(level => positions.get(level) ?? unknownLevel);
  const missing = positions.get('') ?? unknownLevel;
  const encoded = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!;
    encoded[i] = code === missingCode ? missing : (byCode[code] ?? unknownLevel);
  }
  return encoded;
}

function takeRows(values: Float32Array, rows: Int32Array): Float32Array {
  const taken = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
  return taken;
}
