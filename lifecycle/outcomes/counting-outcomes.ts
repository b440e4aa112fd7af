import { tableName } from '../../use-cases/table-schemas.ts';
import { sqlName } from '../datasets/sql-literal.ts';

/**
 * ORDER BY of a target's outcomes that begins with the one that counts: the one last observed, of those the one last received. Told both ways at once, it is
 * positive. `latestOutcomes` orders them alike.
 */
export const countingFirst = 'observed_at DESC, received_at DESC, label DESC';

/**
 * SELECT of the archived outcomes, each with the observation it is about: `key`, `label`, `observed_at`, `received_at`, `archive_seq`.
 * A prediction stands for the observation it was asked about, else it is one itself.
 *
 * @param through number of the archive run up to which they count
 */
export function outcomesByKeySql(useCase: string, through: number): string {
  return `SELECT coalesce(o.observation_id, p.observation_id, o.prediction_id) AS key, o.label, o.observed_at, o.received_at, o.archive_seq
FROM ${sqlName(tableName(useCase, 'outcomes'))} o LEFT JOIN ${sqlName(tableName(useCase, 'predictions'))} p
  ON p.prediction_id = o.prediction_id AND p.variant <> 'shadow' AND p.archive_seq <= ${through}
WHERE o.archive_seq <= ${through}`;
}
