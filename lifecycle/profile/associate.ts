import type { Association, NumberSummary } from '../../contracts/profile.ts';
import type { Feature as FeatureDefinition } from '../../use-cases/define-use-case.ts';
import type { Cells } from './cells.ts';
import { type Contingency, correlationRatio, cramersV, type GroupSum } from './measures.ts';

/** A feature, and what is known of its values. */
export interface Feature {
  readonly name: string;
  readonly definition: FeatureDefinition;
  /** Rows that have a value. */
  readonly present: number;
  /** Null for categories, and for numbers without a value. */
  readonly numbers: NumberSummary | null;
  readonly cells: Cells;
}

/** A number that has a value somewhere. */
export type NumberFeature = Feature & { readonly numbers: NumberSummary };

/** Whether a feature is treated as a number; one without any value is treated as a category of no level. */
export function isNumber(feature: Feature): feature is NumberFeature {
  return feature.numbers !== null;
}

/** What was counted of pairs; numbers and categories by their place among their like. */
export interface PairCounts {
  /** Of each number with those before it. */
  readonly correlations: readonly (readonly (number | null)[])[];
  /** `[category][number]` */
  readonly groups: readonly (readonly (readonly GroupSum[])[])[];
  /** Of each category with those before it, one after another. */
  readonly contingencies: readonly Contingency[];
}

/** Measures how much every two features have to do with each other. */
export function associate(features: readonly Feature[], counts: PairCounts): Association[] {
  const numbers = features.filter(isNumber);
  const categories = features.filter(feature => !isNumber(feature));
  return [
    ...numbers.flatMap((right, i) =>
      numbers.slice(0, i).map((left, j): Association => {
        const value = counts.correlations[i]![j]!;
        return { features: [left.name, right.name], measure: 'correlation', value };
      }),
    ),
    ...categories.flatMap((category, i) =>
      numbers.map((number, j): Association => {
        const value = correlationRatio(counts.groups[i]![j]!, number.numbers.standardDeviation);
        return { features: [category.name, number.name], measure: 'correlation ratio', value };
      }),
    ),
    ...categories.flatMap((right, i) =>
      categories.slice(0, i).map((left, j): Association => {
        const value = cramersV(counts.contingencies[(i * (i - 1)) / 2 + j]!);
        return { features: [left.name, right.name], measure: "Cramér's V", value };
      }),
    ),
  ];
}
