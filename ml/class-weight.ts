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

/** Whether both weights are finite and above 0. */
export function isClassWeight(classWeight: ClassWeight): boolean {
  if (classWeight === 'balanced') return true;
  return [classWeight.negative, classWeight.positive].every(weight => weight > 0 && weight < Number.POSITIVE_INFINITY);
}
