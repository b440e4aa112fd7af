import type { AppendScoresInput } from '../../contracts/scoring-tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { scoresStagingTable, scoresTable } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { insertExactlyOnce } from '../datasets/insert-exactly-once.ts';
import { sqlName } from '../datasets/sql-literal.ts';
import { clearPrefix } from '../datasets/staged-parts.ts';
import { describeScoring } from '../lineage/describe-acts.ts';
import { recordAct } from '../lineage/record-act.ts';
import type { PartResult } from './score-part.ts';
import {
  partResultKey,
  putScoringBatch,
  readScoringBatch,
  type ScoringBatch,
  scoringPrefix,
  stagedScoresPrefix,
} from './scoring-batch.ts';

export interface AppendScoresServices {
  readonly athena: Athena;
  readonly objects: Objects;
  readonly registry: Table;
  readonly clock: Clock;
}

/**
 * Brings the scores of all parts of a batch into the table, each exactly once, and ends the batch.
 *
 * @throws {ScoringBusyError} when another execution has taken the batch over
 */
export async function appendScores(
  { athena, objects, registry, clock }: AppendScoresServices,
  useCase: UseCase,
  { batch: number }: AppendScoresInput,
): Promise<{ rows: number }> {
  const batch = await readScoringBatch(registry, useCase.id, number);
  if (batch.status === 'complete') return { rows: batch.rows };
  const totals = await addUp(objects, useCase.id, batch);
  const { name } = scoresTable(useCase);
  const inserted = await insertExactlyOnce<ScoringBatch>({
    ...{ athena, table: name, where: `score_seq = ${number}`, rows: `Scoring batch ${number}` },
    expected: totals.rows,
    statements: [insertSql(useCase, number)],
    token: ['score', number],
    progress: { ...batch, ...totals },
    save: progress => putScoringBatch(registry, useCase.id, progress),
  });
  await clearPrefix(objects, stagedScoresPrefix(useCase.id, number));
  await clearPrefix(objects, scoringPrefix(useCase.id, number));
  await recordAct(objects, describeScoring(useCase, inserted, clock.now().toISOString()));
  await putScoringBatch(registry, useCase.id, { ...inserted, status: 'complete' });
  return { rows: totals.rows };
}

/** Cleared before the batch is complete, the results of the parts may be gone: then they stand in the batch. */
async function addUp(objects: Objects, useCase: string, batch: ScoringBatch): Promise<PartResult> {
  if (batch.attempt > 0) return batch;
  const results = await Promise.all(
    Array.from({ length: batch.parts }, (_, part) =>
      objects.readJson<PartResult>(partResultKey(useCase, batch.number, part)),
    ),
  );
  const sum = (figure: keyof PartResult) => results.reduce((total, result) => total + result[figure], 0);
  return { rows: sum('rows'), decidedPositive: sum('decidedPositive'), rejected: sum('rejected') };
}

function insertSql(useCase: UseCase, number: number): string {
  const staging = scoresStagingTable(useCase);
  const columns = staging.columns.map(({ name }) => sqlName(name)).join(', ');
  return `INSERT INTO ${sqlName(scoresTable(useCase).name)} (${columns}, score_seq)
SELECT ${columns}, CAST(${number} AS bigint) FROM ${sqlName(staging.name)} WHERE scoring = ${number}`;
}
