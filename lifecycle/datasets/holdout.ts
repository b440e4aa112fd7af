import { hash } from 'node:crypto';

/** Percent of the entities that are never fitted on. */
const holdoutPercent = 20;

/**
 * Whether an entity belongs to the permanent holdout.
 * The same as Athena's `from_base(substr(to_hex(md5(to_utf8(entity_id))), 1, 8), 16) % 100 < 20`.
 */
export function isHoldout(entityId: string): boolean {
  return Number.parseInt(hash('md5', entityId, 'hex').slice(0, 8), 16) % 100 < holdoutPercent;
}
