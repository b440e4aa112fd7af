import { type CategoryColumn, type FeatureColumn, missingCode, type NumberColumn } from '../columns.ts';
import { columnOf } from './column-of.ts';
import type { CategoryEncoding, NumberEncoding, Preprocessing } from './fit-preprocessing.ts';
import { standardize } from './standardization.ts';

/**
 * Rows of a linear model. Its columns are the numbers, then the levels of each category; of a category only the index of the one column that is 1 is
 * kept.
 *
 *     column   0 … numberCount − 1 | levels of category 0 | levels of category 1 | … | columnCount: none
 *     row      standardized numbers | one index             | one index            | …
 */
export interface DesignMatrix {
  readonly rowCount: number;
  readonly numberCount: number;
  readonly categoryCount: number;
  /** Also the index that stands for "none of the levels". */
  readonly columnCount: number;
  /** Row-major, `rowCount` × `numberCount`. */
  readonly numbers: Float32Array;
  /** Row-major, `rowCount` × `categoryCount`. */
  readonly indices: Int32Array;
}

/**
 * Encodes rows as fitted.
 *
 * @param columns found by name; others are ignored
 * @throws {TypeError} when a column is missing or of the other kind
 */
export function encodeRows(
  { features }: Preprocessing,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
): DesignMatrix {
  const numbers = features.filter(feature => feature.kind === 'number');
  const categories = features.filter(feature => feature.kind === 'category');
  const levelCount = categories.reduce((sum, { levels }) => sum + levels.length, 0);
  const matrix: DesignMatrix = {
    rowCount: rows.length,
    numberCount: numbers.length,
    categoryCount: categories.length,
    columnCount: numbers.length + levelCount,
    numbers: new Float32Array(rows.length * numbers.length),
    indices: new Int32Array(rows.length * categories.length),
  };
  const byName = new Map(columns.map(column => [column.name, column]));
  numbers.forEach((encoding, i) => {
    encodeNumbers(matrix, i, encoding, columnOf(byName, encoding.name, encoding.kind), rows);
  });
  let first = numbers.length;
  categories.forEach((encoding, i) => {
    encodeCategories(matrix, i, first, encoding, columnOf(byName, encoding.name, encoding.kind), rows);
    first += encoding.levels.length;
  });
  return matrix;
}

/** OUT: column `position` of `matrix.numbers`. */
function encodeNumbers(
  { numbers, numberCount }: DesignMatrix,
  position: number,
  encoding: NumberEncoding,
  { values }: NumberColumn,
  rows: Int32Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    numbers[i * numberCount + position] = standardize(Number.isNaN(value) ? encoding.imputed : value, encoding);
  }
}

/** OUT: column `position` of `matrix.indices`; the encoding's levels are the matrix's columns from `first` on. */
function encodeCategories(
  { indices, categoryCount, columnCount }: DesignMatrix,
  position: number,
  first: number,
  { levels, imputed }: CategoryEncoding,
  column: CategoryColumn,
  rows: Int32Array,
): void {
  const none = columnCount;
  const missing = imputed < 0 ? none : first + imputed;
  const known = new Map(levels.map((level, i) => [level, first + i]));
  // An empty text is how a missing value reaches the exported graph, so it is missing here too.
  const byCode = column.levels.map(level => (level === '' ? missing : (known.get(level) ?? none)));
  for (let i = 0; i < rows.length; i++) {
    const code = column.codes[rows[i]!]!;
    indices[i * categoryCount + position] = code === missingCode ? missing : (byCode[code] ?? none);
  }
}
