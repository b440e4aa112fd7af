import { randomUUID } from 'node:crypto';
import type { ScoreBatchRequest, ScoringPart } from '../../contracts/scoring-tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { featureColumns, tableName } from '../../use-cases/table-schemas.ts';
import { readLatestCompleteBatch } from '../datasets/batch.ts';
import { countParquetRows, openParquet } from '../datasets/parquet-columns.ts';
import { sqlName, sqlString } from '../datasets/sql-literal.ts';
import type { Variant } from '../release/ledger.ts';
import { listScoringBatches, scoringPrefix } from './scoring-batch.ts';

/** Which observations are exported, and from where. */
export interface ExportUnscoredOptions {
  readonly athena: Athena;
  readonly objects: Objects;
  readonly registry: Table;
  readonly useCase: UseCase;
  readonly request: ScoreBatchRequest;
  readonly champion: Variant;
  /** Of the batch. */
  readonly number: number;
}

/** What was exported. */
export interface Unscored {
  /** None where there is nothing to score. */
  readonly parts: readonly ScoringPart[];
  /** Batch of observations up to which there will be none left; null where less was asked for. */
  readonly through: number | null;
  /** Why there is nothing to score; empty where there is. */
  readonly reason: string;
}

/** Exports the observations that the champion has not scored, and divides them. Queries nothing where it has scored all there are. */
export async function exportUnscored(options: ExportUnscoredOptions): Promise<Unscored> {
  const { athena, objects, registry, useCase, request, champion, number } = options;
  const none = (reason: string) => ({ parts: [], through: null, reason });
  const newest = (await readLatestCompleteBatch(registry, useCase.id))?.table;
  if (!newest?.snapshotId) return none('there are no observations yet');
  const isWhole = request.from === undefined && request.to === undefined;
  if (isWhole && (await readScoredThrough(registry, useCase.id, champion.version)) >= newest.newestBatch) {
    return none(`version ${champion.version} has scored all observations`);
  }
  const sql = unscoredSql(options, newest.snapshotId);
  const [counted] = await athena.query(`SELECT count(*) AS found FROM (${sql}) unscored`);
  if (Number(counted!.found) === 0) return none(`version ${champion.version} has scored all of these observations`);
  // Of its own, as another execution may have died in the middle of its export.
  const prefix = `${scoringPrefix(useCase.id, number)}observations/${randomUUID()}/`;
  await athena.execute(
    `UNLOAD (${sql}) TO ${sqlString(objects.uri(prefix))} WITH (format = 'PARQUET', compression = 'SNAPPY')`,
  );
  return { parts: await divide(objects, prefix), through: isWhole ? newest.newestBatch : null, reason: '' };
}

/** Batch of observations up to which a version has scored all; 0 when none. */
async function readScoredThrough(registry: Table, useCase: string, version: number): Promise<number> {
  const batches = await listScoringBatches(registry, useCase, 100);
  const last = batches.find(
    batch => batch.status === 'complete' && batch.version === version && batch.through !== null,
  );
  return last?.through ?? 0;
}

function unscoredSql({ useCase, request, champion }: ExportUnscoredOptions, snapshotId: string): string {
  const columns = ['observation_id', ...featureColumns(useCase).map(({ name }) => name)];
  const { from, to } = request;
  return `SELECT ${columns.map(name => `o.${sqlName(name)} AS ${sqlName(name)}`).join(', ')}
FROM ${sqlName(tableName(useCase.id, 'observations'))} FOR VERSION AS OF ${snapshotId} o
LEFT JOIN (SELECT DISTINCT observation_id FROM ${sqlName(tableName(useCase.id, 'scores'))}
  WHERE version = ${champion.version} AND file IS NULL) s ON s.observation_id = o.observation_id
WHERE s.observation_id IS NULL${from === undefined ? '' : ` AND o.ingest_seq >= ${from}`}${to === undefined ? '' : ` AND o.ingest_seq <= ${to}`}`;
}

/** Rows that one task scores: a few seconds of work. */
const partRows = 100_000;

async function divide(objects: Objects, prefix: string): Promise<ScoringPart[]> {
  const parts: ScoringPart[] = [];
  for (const { key, size } of await objects.list(prefix)) {
    const rows = await countParquetRows(openParquet(objects, { key, size }));
    for (let start = 0; start < rows; start += partRows) {
      parts.push({ number: parts.length, key, rows: { start, end: Math.min(start + partRows, rows), size } });
    }
  }
  return parts;
}
