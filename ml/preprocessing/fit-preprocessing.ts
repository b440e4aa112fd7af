import type { CategoryColumn, FeatureColumn, NumberColumn } from '../columns.ts';
import { countLevels, median, mostFrequent } from './imputation.ts';
import { fitStandardization, type Standardization } from './standardization.ts';

/** How a number feature enters a model: NaN becomes `imputed`, then it is standardized. */
export interface NumberEncoding extends Standardization {
  readonly kind: 'number';
  readonly name: string;
  /** Median of the fitted rows, a float32. */
  readonly imputed: number;
}

/** How a category feature enters a model: one column per level, none of them for a level that is not here. */
export interface CategoryEncoding {
  readonly kind: 'category';
  readonly name: string;
  /** Levels that occur in the fitted rows, in the order of the column's own. */
  readonly levels: readonly string[];
  /** Index of the level that stands for a missing value: the most frequent one; −1 when every value is missing. */
  readonly imputed: number;
}

/** How features become the columns of a linear model. Fitted on the training rows alone. */
export interface Preprocessing {
  /** In the order of the columns fitted on. */
  readonly features: readonly (NumberEncoding | CategoryEncoding)[];
}

/**
 * Fits imputation, standardization and one-hot encoding.
 *
 * @param rows the only rows looked at
 * @throws {RangeError} when a number is infinite in float32
 */
export function fitPreprocessing(columns: readonly FeatureColumn[], rows: Int32Array): Preprocessing {
  return {
    features: columns.map(column => (column.kind === 'number' ? fitNumber(column, rows) : fitCategory(column, rows))),
  };
}

function fitNumber({ name, values }: NumberColumn, rows: Int32Array): NumberEncoding {
  const picked = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]!]!;
  const imputed = median(picked);
  for (let i = 0; i < picked.length; i++) if (Number.isNaN(picked[i])) picked[i] = imputed;
  const standardization = fitStandardization(picked);
  if (!Number.isFinite(standardization.offset) || !Number.isFinite(standardization.scale)) {
    throw new RangeError(
      `Cannot standardize "${name}": it has infinite values, expected finite float32 numbers or NaN`,
    );
  }
  return { kind: 'number', name, imputed, ...standardization };
}

function fitCategory({ name, levels, codes }: CategoryColumn, rows: Int32Array): CategoryEncoding {
  const counts = countLevels(codes, rows, levels.length);
  const mode = levels[mostFrequent(counts)];
  const seen = levels.filter((_, level) => counts[level]! > 0);
  return { kind: 'category', name, levels: seen, imputed: mode === undefined ? -1 : seen.indexOf(mode) };
}
