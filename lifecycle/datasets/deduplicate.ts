import type { Athena } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { featureColumns, observationsTable, stagingTable } from '../../use-cases/table-schemas.ts';
import { sqlName } from './sql-literal.ts';

/** Staged rows of a batch by what becomes of them. */
export interface StagedVerdicts {
  /** To be inserted: the first of its observation id in the batch, by file and row number, and none in the table. */
  readonly fresh: number;
  /** Says nothing beyond the row that has its id. */
  readonly duplicate: number;
  /** Equal to the row that has its id, but for the label, which that one has not yet. */
  readonly relabelled: number;
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
  return {
    fresh: count('fresh'),
    duplicate: count('duplicate'),
    relabelled: count('relabelled'),
    conflict: count('conflict'),
  };
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

/** SELECT of the labels that a batch brings to rows that have none: `observation_id`, `label`, one row an id. */
export function newLabelsSql(useCase: UseCase, batch: number): string {
  return `SELECT observation_id, label FROM (${verdictSql(useCase, batch)}) judged WHERE verdict = 'relabelled'`;
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

/** Of the rows that tell a label which is not known yet, the first one counts. */
function verdictSql(useCase: UseCase, batch: number): string {
  const told = 'OVER (PARTITION BY observation_id, is_same, has_label ORDER BY file_number, file_row)';
  return `SELECT file_number, file_row, observation_id, label, in_table,
  CASE WHEN nth = 1 AND NOT in_table THEN 'fresh'
    WHEN NOT is_same THEN 'conflict'
    WHEN NOT has_label OR label = known_label THEN 'duplicate'
    WHEN known_label IS NOT NULL THEN 'conflict'
    WHEN nth_told = 1 THEN 'relabelled'
    WHEN label = told_label THEN 'duplicate'
    ELSE 'conflict' END AS verdict
FROM (SELECT *, row_number() ${told} AS nth_told, first_value(label) ${told} AS told_label
FROM (${comparedSql(useCase, batch)}) compared) told`;
}

/** Each staged row beside the row that has its id: the table's, else the first of the batch. */
function comparedSql(useCase: UseCase, batch: number): string {
  const staging = sqlName(stagingTable(useCase).name);
  const inTable = 'o.observation_id IS NOT NULL';
  return `SELECT s.file_number, s.file_row, s.observation_id, s.nth, s.label, s.label IS NOT NULL AS has_label,
  ${inTable} AS in_table, CASE WHEN ${inTable} THEN o.label ELSE f.label END AS known_label,
  CASE WHEN ${inTable} THEN ${sameValuesSql(useCase, 'o')} ELSE ${sameValuesSql(useCase, 'f')} END AS is_same
${stagedRowsSql(useCase, batch)}
JOIN ${numberedSql(staging, batch)} f ON f.observation_id = s.observation_id AND f.nth = 1`;
}

/** Whether `s` equals `other`, labels aside. A time that ingest gave says nothing about that. */
function sameValuesSql(useCase: UseCase, other: string): string {
  const names = ['entity_id', ...featureColumns(useCase).map(({ name }) => name)];
  const equal = names.map(name => `s.${sqlName(name)} IS NOT DISTINCT FROM ${other}.${sqlName(name)}`);
  return `((NOT s.dated OR s.event_time = ${other}.event_time) AND ${equal.join(' AND ')})`;
}
