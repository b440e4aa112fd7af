import type { Athena } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { featureColumns, observationsTable, stagingTable } from '../../use-cases/table-schemas.ts';
import { sqlName } from './sql-literal.ts';

/** Staged rows of a batch by what becomes of them. */
export interface StagedVerdicts {
  /** To be inserted: the first of its observation id in the batch, by file and row number, and none in the table. */
  readonly fresh: number;
  /** Equal to the row that has its id. */
  readonly duplicate: number;
  /** Unlike the row that has its id. */
  readonly conflict: number;
}

/** A staged row that is unlike the row that has its observation id. */
export interface Conflict {
  readonly fileNumber: number;
  readonly fileRow: number;
  readonly reason: string;
}

/** Compares the staged rows of a batch with each other and with the table, by observation id. */
export async function judgeStagedRows(athena: Athena, useCase: UseCase, batch: number): Promise<StagedVerdicts> {
  const counted = await athena.query(
    `SELECT verdict, count(*) AS found FROM (${verdictSql(useCase, batch)}) judged GROUP BY verdict`,
  );
  const found = new Map(counted.map(({ verdict, found }) => [verdict, Number(found)]));
  const count = (verdict: keyof StagedVerdicts) => found.get(verdict) ?? 0;
  return { fresh: count('fresh'), duplicate: count('duplicate'), conflict: count('conflict') };
}

/** Names the staged rows that conflict: the first `limit` of them, by file and row. */
export async function listConflicts(
  athena: Athena,
  useCase: UseCase,
  batch: number,
  limit: number,
): Promise<Conflict[]> {
  const rows = await athena.query(
    `SELECT file_number, file_row, observation_id, in_table FROM (${verdictSql(useCase, batch)}) judged
WHERE verdict = 'conflict' ORDER BY file_number, file_row LIMIT ${limit}`,
  );
  return rows.map(row => ({
    fileNumber: Number(row.file_number),
    fileRow: Number(row.file_row),
    reason: `observation id "${row.observation_id}" has other values ${row.in_table === 'true' ? 'in the table' : 'earlier in this batch'}`,
  }));
}

/** FROM clause of a batch's staged rows `s`, numbered by `nth` within their observation id, beside the table's row `o` of that id. */
export function stagedRowsSql(useCase: UseCase, batch: number): string {
  const staging = sqlName(stagingTable(useCase).name);
  const observations = sqlName(observationsTable(useCase).name);
  return `FROM ${numberedSql(staging, batch)} s
LEFT JOIN ${observations} o ON o.observation_id = s.observation_id`;
}

function numberedSql(staging: string, batch: number): string {
  return `(SELECT *, row_number() OVER (PARTITION BY observation_id ORDER BY file_number, file_row) AS nth
  FROM ${staging} WHERE batch = ${batch})`;
}

function verdictSql(useCase: UseCase, batch: number): string {
  const staging = sqlName(stagingTable(useCase).name);
  return `SELECT s.file_number, s.file_row, s.observation_id, o.observation_id IS NOT NULL AS in_table,
  CASE WHEN s.nth = 1 AND o.observation_id IS NULL THEN 'fresh'
    WHEN o.observation_id IS NOT NULL AND ${sameValuesSql(useCase, 'o')} THEN 'duplicate'
    WHEN o.observation_id IS NULL AND ${sameValuesSql(useCase, 'f')} THEN 'duplicate'
    ELSE 'conflict' END AS verdict
${stagedRowsSql(useCase, batch)}
JOIN ${numberedSql(staging, batch)} f ON f.observation_id = s.observation_id AND f.nth = 1`;
}

/** Whether `s` equals `other`. A time that ingest gave says nothing about that. */
function sameValuesSql(useCase: UseCase, other: string): string {
  const names = ['entity_id', ...featureColumns(useCase).map(({ name }) => name), 'label'];
  const equal = names.map(name => `s.${sqlName(name)} IS NOT DISTINCT FROM ${other}.${sqlName(name)}`);
  return `(NOT s.dated OR s.event_time = ${other}.event_time) AND ${equal.join(' AND ')}`;
}
