/**
 * Entity of each of the rows, where some entity has several: rows of one are alike, so that intervals draw entities. Undefined where each row is its
 * own entity, and rows can be drawn.
 */
export function groupByEntity(entityIds: readonly string[], rows: Int32Array): string[] | undefined {
  const entities = Array.from(rows, row => entityIds[row]!);
  return new Set(entities).size < rows.length ? entities : undefined;
}
