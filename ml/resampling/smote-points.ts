import { type FeatureColumn, missingCode } from '../columns.ts';
import { encodeRows } from '../preprocessing/design-matrix.ts';
import { fitPreprocessing } from '../preprocessing/fit-preprocessing.ts';
import { median } from '../preprocessing/imputation.ts';
import type { Points } from './nearest-neighbours.ts';

/** Which columns are there to subtract: numbers of three different values or more in the given rows. */
export function areNumbers(columns: readonly FeatureColumn[], rows: Int32Array): boolean[] {
  return columns.map(column => {
    if (column.kind === 'category') return false;
    const values = new Set<number>();
    for (const row of rows) {
      if (!Number.isNaN(column.values[row]!)) values.add(column.values[row]!);
      if (values.size > 2) return true;
    }
    return false;
  });
}

/**
 * Rows of a class as points. Numbers are imputed and standardized by all given rows; two different names are as far apart as the median of the class's
 * standard deviations of them.
 */
export function placePoints(
  columns: readonly FeatureColumn[],
  numeric: readonly boolean[],
  rows: Int32Array,
  ofClass: Int32Array,
): Points {
  const subtracted = columns.filter((_, i) => numeric[i]);
  const { numbers, numberCount } = encodeRows(fitPreprocessing(subtracted, rows), subtracted, ofClass);
  const standardized = subtracted.map((_, column) =>
    Float32Array.from(ofClass, (_, i) => numbers[i * numberCount + column]!),
  );
  const deviation = median(Float32Array.from(standardized.map(standardDeviation)));
  return {
    count: ofClass.length,
    numbers: standardized,
    names: columns.filter((_, i) => !numeric[i]).map(column => codeNames(column, ofClass)),
    difference: standardized.length > 0 ? deviation * deviation : 1,
  };
}

function standardDeviation(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / values.length);
}

function codeNames(column: FeatureColumn, rows: Int32Array): Int32Array {
  if (column.kind === 'category') return rows.map(row => column.codes[row]!);
  const codes = new Map([[Number.NaN, missingCode]]);
  return rows.map(row => {
    const value = column.values[row]!;
    if (!codes.has(value)) codes.set(value, codes.size);
    return codes.get(value)!;
  });
}
