import { tableName } from '../../use-cases/table-schemas.ts';
import { sqlName } from '../datasets/sql-literal.ts';

/**
 * SELECT of the archived outcomes by the observation they are about: `key`, `label`, `observed_at`, `received_at`, `archive_seq`, and `nth` = 1 for the one that
 * counts, last observed and then last received. A prediction stands for the observation it was asked about, else it is one itself.
 */
export function outcomesByKeySql(useCase: string): string {
  const key = 'coalesce(o.observation_id, p.observation_id, o.prediction_id)';
  return `SELECT ${key} AS key, o.label, o.observed_at, o.received_at, o.archive_seq,
  row_number() OVER (PARTITION BY ${key} ORDER BY o.observed_at DESC, o.received_at DESC, o.outcome_id) AS nth
FROM ${sqlName(tableName(useCase, 'outcomes'))} o
LEFT JOIN ${sqlName(tableName(useCase, 'predictions'))} p ON p.prediction_id = o.prediction_id AND p.variant <> 'shadow'`;
}
