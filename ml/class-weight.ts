import { type ParameterRange, positive } from './parameters.ts';

/** How much rows of each class count: as given, or so that both classes count the same in sum and n rows count n ('balanced'). */
export type ClassWeight = 'balanced' | { readonly negative: number; readonly positive: number };

/** Weight of one row of each class; 1 without a class weight. @param labels both 0 and 1 occur */
export function weighClasses(
  classWeight: ClassWeight | undefined,
  labels: Uint8Array,
): { readonly negative: number; readonly positive: number } {
  if (classWeight === undefined) return { negative: 1, positive: 1 };
  if (classWeight !== 'balanced') return classWeight;
  let positives = 0;
  for (const label of labels) positives += label;
  return { negative: labels.length / (2 * (labels.length - positives)), positive: labels.length / (2 * positives) };
}

/** What a class weight may be. */
export const classWeightRange: ParameterRange = {
  words: 'balanced, or {"negative": …, "positive": …} with finite numbers above 0',
  accepts: value => {
    if (value === 'balanced') return true;
    if (typeof value !== 'object' || value === null) return false;
    const { negative, positive: ofPositive, ...others } = value as Partial<Record<string, unknown>>;
    return positive.accepts(negative) && positive.accepts(ofPositive) && Object.keys(others).length === 0;
  },
};
