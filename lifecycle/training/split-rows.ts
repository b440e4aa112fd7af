import { isHoldout } from '../datasets/holdout.ts';

/** Row numbers outside and inside the permanent holdout. */
export function splitRows(entityIds: readonly string[]): { trainingRows: Int32Array; holdoutRows: Int32Array } {
  const held = entityIds.map(isHoldout);
  const rows = Int32Array.from(held.keys());
  return { trainingRows: rows.filter(row => !held[row]), holdoutRows: rows.filter(row => held[row]) };
}
