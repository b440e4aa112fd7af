import type { Node } from './parser.ts';
import { tableReference } from './relations.ts';
import type { TableReference } from './statement.ts';

/** All tables that a tree names, names of WITH queries among them, each version once. */
export function collectReferences(tree: unknown, database: string): TableReference[] {
  const found = new Map<string, TableReference>();
  visit(tree, fields => {
    const reference = tableReference(fields, database);
    found.set(referenceKey(reference), reference);
  });
  return [...found.values()];
}

/** Tells references apart: the same table at two versions is two relations. */
export function referenceKey({ database, name, version }: TableReference): string {
  const at = version && ('snapshotId' in version ? `@${version.snapshotId}` : `@${version.asOfMs}ms`);
  return `${database}.${name}${at ?? ''}`;
}

function visit(value: unknown, act: (table: Node) => void): void {
  if (!value || typeof value !== 'object') return;
  const table = (value as { table?: Node }).table;
  if (table && typeof table === 'object' && typeof table.name === 'object') act(table);
  for (const inner of Object.values(value)) visit(inner, act);
}
