import { hash } from 'node:crypto';

/** Percent of the entities that are never fitted on. */
const holdoutPercent = 20;

/** Whether an entity belongs to the permanent holdout. */
export function isHoldout(entityId: string): boolean {
  return Number.parseInt(hash('md5', entityId, 'hex').slice(0, 8), 16) % 100 < holdoutPercent;
}

/** The same as an SQL condition. @param column of entity ids; NULL belongs to none */
export function holdoutSql(column: string): string {
  return `from_base(substr(to_hex(md5(to_utf8(${column}))), 1, 8), 16) % 100 < ${holdoutPercent}`;
}
