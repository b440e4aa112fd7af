import type { FeatureColumn } from '../columns.ts';

/** Finds a feature's column. @throws {TypeError} when it is missing or of the other kind */
export function columnOf<K extends FeatureColumn['kind']>(
  byName: ReadonlyMap<string, FeatureColumn>,
  name: string,
  kind: K,
): Extract<FeatureColumn, { kind: K }> {
  const column = byName.get(name);
  if (column?.kind !== kind) {
    throw new TypeError(
      `Cannot encode "${name}": got ${column ? `a ${column.kind}` : 'no'} column, expected a ${kind} column`,
    );
  }
  return column as Extract<FeatureColumn, { kind: K }>;
}
