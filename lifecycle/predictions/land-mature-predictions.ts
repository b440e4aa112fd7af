import { randomUUID } from 'node:crypto';
import { bucketPrefixes, landingFolders } from '../../contracts/bucket-layout.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { tableName } from '../../use-cases/table-schemas.ts';
import { landingPrefix } from '../datasets/landing-keys.ts';
import { matureUntil } from '../datasets/maturity.ts';
import { fileColumns } from '../datasets/parse-row.ts';
import { sqlName, sqlString, sqlTimestamp } from '../datasets/sql-literal.ts';
import { clearPrefix } from '../datasets/staged-parts.ts';
import { outcomesByKeySql } from '../outcomes/counting-outcomes.ts';
import type { ArchiveState } from './archive-state.ts';

/** Whether archived predictions have become mature since they were last looked at, or mature ones may have got an outcome. */
export function maturesNow(state: ArchiveState, useCase: UseCase, asOf: string): boolean {
  if (!useCase.outcomes.becomeObservations) return false;
  const until = matureDay(useCase, asOf);
  return state.pendingDays.some(day => day < until) || state.newestOutcomes > state.landedOutcomes;
}

/** The day, `2026-01-31`, before which all are mature. Whole days only, so that they are looked at once. */
function matureDay(useCase: UseCase, asOf: string): string {
  return matureUntil(useCase, asOf).toISOString().slice(0, 'yyyy-mm-dd'.length);
}

/** What was landed, and how far the archive is by that. */
export interface LandedPredictions {
  readonly rows: number;
  readonly landed: ArchiveState;
}

/**
 * Writes the archived predictions that are mature and no observations as landing files. Where silence says nothing, only those of which an outcome was told:
 * it reaches them as any other observation, so the files hold no label. May be done again: ingest knows the rows by their ids.
 */
export async function landMaturePredictions(
  { athena, objects }: { readonly athena: Athena; readonly objects: Objects },
  useCase: UseCase,
  state: ArchiveState,
  asOf: string,
): Promise<LandedPredictions> {
  const day = matureDay(useCase, asOf);
  const landed = {
    ...state,
    landedThrough: `${day}T00:00:00.000Z`,
    landedOutcomes: state.newestOutcomes,
    pendingDays: state.pendingDays.filter(pending => pending >= day),
  };
  const sql = matureSql(useCase, state, new Date(landed.landedThrough));
  const [counted] = await athena.query(`SELECT count(*) AS found FROM (${sql}) mature`);
  const rows = Number(counted!.found);
  if (rows === 0) return { rows, landed };
  const unloaded = `${bucketPrefixes.staging}${useCase.id}/mature/${randomUUID()}/`;
  await athena.execute(
    `UNLOAD (${sql}) TO ${sqlString(objects.uri(unloaded))} WITH (format = 'PARQUET', compression = 'SNAPPY')`,
  );
  const folder = `${landingPrefix(useCase.id)}${landingFolders.predictions}`;
  for (const [part, { key }] of (await objects.list(unloaded)).entries()) {
    await objects.copy(key, `${folder}before-${day}-archive-${state.number}-${part}.parquet`);
  }
  await clearPrefix(objects, unloaded);
  return { rows, landed };
}

/** SELECT of the rows, in the words of the use case's files. */
function matureSql(useCase: UseCase, state: ArchiveState, until: Date): string {
  const names = fileColumns(useCase);
  const predictions = sqlName(tableName(useCase.id, 'predictions'));
  const observations = sqlName(tableName(useCase.id, 'observations'));
  const columns: [expression: string, name: string][] = [
    ['p.key', names.observationId],
    ['coalesce(p.entity_id, p.key)', names.entityId],
    ['CAST(p."at" AS timestamp(3))', names.eventTime],
    ...Object.keys(useCase.features).map((name, index): [string, string] => [
      `p.${sqlName(name)}`,
      names.features[index]!,
    ]),
    ['CAST(NULL AS varchar)', names.label],
  ];
  const isNew = `p."at" >= ${sqlTimestamp(new Date(state.landedThrough))}`;
  const silenceSpeaks = useCase.label.absentMeans === 'negative';
  return `WITH told AS (
  SELECT key, max(archive_seq) AS archive_seq FROM (${outcomesByKeySql(useCase.id, state.number)}) outcomes GROUP BY key
), asked AS (
  SELECT *, coalesce(observation_id, prediction_id) AS key,
    row_number() OVER (PARTITION BY coalesce(observation_id, prediction_id) ORDER BY "at", prediction_id) AS nth
  FROM ${predictions} WHERE variant <> 'shadow'
)
SELECT ${columns.map(([expression, name]) => `${expression} AS ${sqlName(name)}`).join(', ')}
FROM asked p LEFT JOIN told t ON t.key = p.key LEFT JOIN ${observations} o ON o.observation_id = p.key
WHERE p.nth = 1 AND p."at" < ${sqlTimestamp(until)} AND o.observation_id IS NULL
  AND ${silenceSpeaks ? isNew : `(${isNew} OR t.archive_seq > ${state.landedOutcomes}) AND t.key IS NOT NULL`}`;
}
