import type { Athena } from '../../platform/athena.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { tableName } from '../../use-cases/table-schemas.ts';
import { readLastConclusion } from '../registry/execution.ts';
import type { TableContents } from './batch.ts';
import { matureUntil } from './maturity.ts';
import { sqlName, sqlTimestamp } from './sql-literal.ts';

export interface FindEvidenceOptions {
  readonly athena: Athena;
  readonly registry: Table;
  readonly useCase: UseCase;
  readonly table: TableContents;
  /** ARN of the execution that asks. */
  readonly executionId: string;
  /** ISO instant as of which maturity is judged. */
  readonly startedAt: string;
  readonly force: boolean;
}

export interface Evidence {
  readonly proceed: boolean;
  /** Why, for people. */
  readonly reason: string;
}

/** Asks whether the table holds anything that no lifecycle has concluded on. Queries only when rows may have matured since the last one. */
export async function findEvidence(options: FindEvidenceOptions): Promise<Evidence> {
  const { registry, useCase, table, executionId, force } = options;
  if (force) return { proceed: true, reason: 'it is forced' };
  if (table.newestBatch === 0) return { proceed: false, reason: 'there are no observations yet' };
  const last = await readLastConclusion(registry, useCase.id);
  if (!last || (last.ingestSeq ?? 0) < table.newestBatch) {
    return { proceed: true, reason: `batch ${table.newestBatch} was not concluded on yet` };
  }
  if (last.executionId === executionId) return { proceed: true, reason: 'it is run again and comes to the same end' };
  const matured = await countMatured(options, last.asOf);
  if (matured > 0) return { proceed: true, reason: `${matured} rows have matured since ${last.asOf}` };
  return { proceed: false, reason: `nothing is new since ${last.asOf}` };
}

async function countMatured(
  { athena, useCase, table, startedAt }: FindEvidenceOptions,
  since: string,
): Promise<number> {
  const before = matureUntil(useCase, since);
  if (table.newestEvent === null || Date.parse(table.newestEvent) <= before.getTime()) return 0;
  const labelled = useCase.label.absentMeans === 'unknown' ? ' AND label IS NOT NULL' : '';
  const [row] = await athena.query(
    `SELECT count(*) AS matured FROM ${sqlName(tableName(useCase.id, 'observations'))}
WHERE event_time > ${sqlTimestamp(before)} AND event_time <= ${sqlTimestamp(matureUntil(useCase, startedAt))}${labelled}`,
  );
  return Number(row!.matured);
}
