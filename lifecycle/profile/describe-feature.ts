import type { FeatureProfile, WithLabel } from '../../contracts/profile.ts';
import { type Feature, isNumber } from './associate.ts';
import { nameCells } from './cells.ts';
import { cellsAuc, cramersV, mutualInformation } from './measures.ts';
import type { CellCount, Overview } from './read-counts.ts';

/** What was found of a number and the label. */
export interface NumberWithLabel {
  /** Share of pairs in which the positive has more. */
  readonly rank: number | null;
  readonly correlation: number | null;
}

/** Describes one feature. @param counted cells by their texts; null is the missing values' */
export function describeFeature(
  feature: Feature,
  { rows }: Pick<Overview, 'rows'>,
  counted: ReadonlyMap<string | null, CellCount>,
  number: NumberWithLabel,
): FeatureProfile {
  const { name, definition, numbers, present } = feature;
  const texts = new Map([...counted].filter((entry): entry is [string, CellCount] => entry[0] !== null));
  return {
    ...{ name, type: definition.type, meaning: definition.meaning, missing: rows - present, numbers },
    cells: nameCells(feature.cells, texts),
    withLabel: relateToLabel(feature, [...counted.values()], number),
  };
}

function relateToLabel(
  feature: Feature,
  cells: readonly CellCount[],
  { rank, correlation }: NumberWithLabel,
): WithLabel | null {
  const byCells = cellsAuc(cells);
  if (byCells === null) return null;
  const table = cells.map(({ rows, positives }) => [rows - positives, positives]);
  const auc = Math.max(byCells, rank ?? 0.5, 1 - (rank ?? 0.5));
  const mutual = { mutualInformation: mutualInformation(table), auc };
  if (isNumber(feature)) return { measure: 'correlation', value: correlation ?? 0, ...mutual };
  return { measure: "Cramér's V", value: cramersV(table) ?? 0, ...mutual };
}
