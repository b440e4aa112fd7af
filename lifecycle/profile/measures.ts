import type { Cell } from '../../contracts/profile.ts';

/** Rows of each combination of two cells. */
export type Contingency = readonly (readonly number[])[];

/**
 * Cramér's V, corrected for the bias of small samples (Bergsma, 2013).
 *
 * @returns null where either side is constant
 */
export function cramersV(table: Contingency): number | null {
  const rows = sumRows(table).filter(sum => sum > 0);
  const columns = sumColumns(table).filter(sum => sum > 0);
  const total = sum(rows);
  if (rows.length < 2 || columns.length < 2 || total < 2) return null;
  const excess = ((rows.length - 1) * (columns.length - 1)) / (total - 1);
  const squared = Math.max(0, meanSquareContingency(table) - excess);
  const correct = (count: number) => count - (count - 1) ** 2 / (total - 1);
  const largest = Math.min(correct(rows.length), correct(columns.length)) - 1;
  return largest > 0 ? Math.min(1, Math.sqrt(squared / largest)) : null;
}

/** χ² / n = Σ n_ij² / (n_i n_j) − 1 */
function meanSquareContingency(table: Contingency): number {
  const rows = sumRows(table);
  const columns = sumColumns(table);
  let squares = 0;
  table.forEach((row, i) => {
    row.forEach((count, j) => {
      if (count > 0) squares += (count * count) / (rows[i]! * columns[j]!);
    });
  });
  return squares - 1;
}

/** Mutual information in bits, less the bias of what so many cells of so few rows show by chance (Miller and Madow). At least 0. */
export function mutualInformation(table: Contingency): number {
  const rows = sumRows(table);
  const columns = sumColumns(table);
  const total = sum(rows);
  let information = 0;
  table.forEach((row, i) => {
    row.forEach((count, j) => {
      if (count > 0) information += (count / total) * Math.log2((count * total) / (rows[i]! * columns[j]!));
    });
  });
  const free = (rows.filter(Boolean).length - 1) * (columns.filter(Boolean).length - 1);
  return Math.max(0, information - free / (2 * total * Math.LN2));
}

/** Area under the ROC curve of the cells in the order of their share of positives; at least 0.5, and null with one class. */
export function cellsAuc(cells: readonly Pick<Cell, 'rows' | 'positives'>[]): number | null {
  const rising = cells.filter(({ rows }) => rows > 0).sort((a, b) => a.positives / a.rows - b.positives / b.rows);
  let [negatives, positives, won] = [0, 0, 0];
  for (const cell of rising) {
    const own = cell.rows - cell.positives;
    won += cell.positives * (negatives + own / 2);
    negatives += own;
    positives += cell.positives;
  }
  return positives > 0 && negatives > 0 ? won / (positives * negatives) : null;
}

/** A group's number of values, and the sum of their distances from the mean of all. */
export interface GroupSum {
  readonly count: number;
  readonly sum: number;
}

/** Correlation ratio η: the root of the share of a number's variance that lies between groups. Null where the number is constant. */
export function correlationRatio(groups: readonly GroupSum[], standardDeviation: number): number | null {
  const total = sum(groups.map(({ count }) => count)) * standardDeviation ** 2;
  if (!(total > 0)) return null;
  const between = sum(groups.map(group => (group.count > 0 ? group.sum ** 2 / group.count : 0)));
  return Math.min(1, Math.sqrt(between / total));
}

function sumRows(table: Contingency): number[] {
  return table.map(sum);
}

function sumColumns(table: Contingency): number[] {
  return (table[0] ?? []).map((_, j) => sum(table.map(row => row[j]!)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
