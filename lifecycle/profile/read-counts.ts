import type { NumberSummary } from '../../contracts/profile.ts';
import type { Athena, ResultRow } from '../../platform/athena.ts';
import { type Cells, cellExpression } from './cells.ts';
import type { Contingency, GroupSum } from './measures.ts';
import {
  cellsStatement,
  contingencyStatement,
  correlationsStatement,
  groupSumsStatement,
  numberExpression,
  overviewStatement,
  quantileShares,
  ranksStatement,
} from './statements.ts';

/** How many rows there are, and of each feature how many have a value. */
export interface Overview {
  readonly rows: number;
  readonly positives: number;
  readonly present: readonly number[];
  /** Of each number; null where it has no value. */
  readonly numbers: readonly (NumberSummary | null)[];
}

/** @param source SELECT of the rows */
export async function readOverview(
  athena: Athena,
  source: string,
  features: readonly string[],
  numbers: readonly string[],
): Promise<Overview> {
  const [row] = await athena.query(overviewStatement(source, features, numbers));
  return {
    rows: Number(row!.found),
    positives: Number(row!.positives ?? 0),
    present: features.map((_, i) => Number(row![`present_${i}`])),
    numbers: numbers.map((_, i) => readNumber(row!, i)),
  };
}

function readNumber(row: ResultRow, i: number): NumberSummary | null {
  if (row[`minimum_${i}`] === null) return null;
  const quantiles = JSON.parse(row[`quantiles_${i}`]!) as number[];
  return {
    minimum: Number(row[`minimum_${i}`]),
    maximum: Number(row[`maximum_${i}`]),
    mean: Number(row[`mean_${i}`]),
    standardDeviation: Number(row[`deviation_${i}`]),
    quantiles: Object.fromEntries(quantileShares.map((share, place) => [String(share), quantiles[place]!])),
  };
}

/** A feature and its cells. */
export interface CelledFeature {
  readonly name: string;
  readonly cells: Cells;
}

/** Rows and positives of a cell. */
export interface CellCount {
  readonly rows: number;
  readonly positives: number;
}

/** Counts each feature's cells, by the text that `cellExpression` gives; null is the missing values'. */
export async function countCells(
  athena: Athena,
  source: string,
  features: readonly CelledFeature[],
): Promise<Map<string | null, CellCount>[]> {
  const counts = features.map(() => new Map<string | null, CellCount>());
  const rows = await athena.query(cellsStatement(source, features.map(expressionOf)));
  for (const { item, cell, found, positives } of rows) {
    counts[Number(item)]!.set(cell!, { rows: Number(found), positives: Number(positives) });
  }
  return counts;
}

/** How each number ranks the labels: the share of pairs in which the positive has more. Null without such a pair. */
export async function rankNumbers(
  athena: Athena,
  source: string,
  numbers: readonly string[],
): Promise<(number | null)[]> {
  const shares: (number | null)[] = numbers.map(() => null);
  if (numbers.length === 0) return shares;
  for (const { item, won, pairs } of await athena.query(ranksStatement(source, numbers.map(numberExpression)))) {
    if (Number(pairs) > 0) shares[Number(item)] = Number(won) / Number(pairs);
  }
  return shares;
}

/** Correlation of each number with those before it; the last row is that of the label. Null where either is constant. */
export async function correlateNumbers(
  athena: Athena,
  source: string,
  numbers: readonly string[],
): Promise<(number | null)[][]> {
  if (numbers.length === 0) return [[]];
  const [row] = await athena.query(correlationsStatement(source, numbers));
  return Array.from({ length: numbers.length + 1 }, (_, i) =>
    Array.from({ length: i }, (_, j) => readCorrelation(row![`c_${j}_${i}`]!)),
  );
}

/** Trino says NaN of a constant. */
function readCorrelation(text: string | null): number | null {
  return text === null || !Number.isFinite(Number(text)) ? null : Number(text);
}

/** Groups of each number by each category: `[category][number]`. */
export async function sumGroups(
  athena: Athena,
  source: string,
  categories: readonly CelledFeature[],
  numbers: readonly { readonly name: string; readonly mean: number }[],
): Promise<GroupSum[][][]> {
  const groups: GroupSum[][][] = categories.map(() => numbers.map(() => []));
  if (categories.length === 0 || numbers.length === 0) return groups;
  for (const row of await athena.query(groupSumsStatement(source, categories.map(expressionOf), numbers))) {
    numbers.forEach((_, i) => {
      const group = { count: Number(row[`count_${i}`]), sum: Number(row[`sum_${i}`] ?? 0) };
      groups[Number(row.item)]![i]!.push(group);
    });
  }
  return groups;
}

/** Rows by the cells of two categories, missing values among them. */
export async function countPairs(
  athena: Athena,
  source: string,
  pairs: readonly (readonly [CelledFeature, CelledFeature])[],
): Promise<Contingency[]> {
  if (pairs.length === 0) return [];
  const expressions = pairs.map(([left, right]) => [expressionOf(left), expressionOf(right)] as const);
  const found = pairs.map((): ResultRow[] => []);
  for (const row of await athena.query(contingencyStatement(source, expressions))) found[Number(row.item)]!.push(row);
  return found.map(layOut);
}

function layOut(rows: readonly ResultRow[]): Contingency {
  const left = [...new Set(rows.map(({ left_cell }) => left_cell!))];
  const right = [...new Set(rows.map(({ right_cell }) => right_cell!))];
  const table = left.map(() => right.map(() => 0));
  for (const { left_cell, right_cell, found } of rows) {
    table[left.indexOf(left_cell!)]![right.indexOf(right_cell!)] = Number(found);
  }
  return table;
}

function expressionOf({ name, cells }: CelledFeature): string {
  return cellExpression(name, cells);
}
