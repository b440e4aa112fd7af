import type { ScorePartInput, ScoringPart } from '../../contracts/scoring-tasks.ts';
import { ObjectNotFoundError, type Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { scoresStagingTable } from '../../use-cases/table-schemas.ts';
import { UnreadableFileError } from '../datasets/errors.ts';
import { type StagedParts, stageParts } from '../datasets/staged-parts.ts';
import { CorruptModelError, ModelContractError, UnreadableModelError } from '../inference/errors.ts';
import type { ModelCache } from '../inference/model-cache.ts';
import { readPart, type ScoringBlock } from './read-part.ts';
import {
  partResultKey,
  putScoringBatch,
  readScoringBatch,
  type ScoringBatch,
  stagedScoresPrefix,
} from './scoring-batch.ts';

export interface ScorePartServices {
  readonly objects: Objects;
  readonly registry: Table;
  readonly models: ModelCache;
}

/** What came of a part; it stands beside the scores. */
export interface PartResult {
  readonly rows: number;
  readonly decidedPositive: number;
  readonly rejected: number;
}

/**
 * Scores a part of a batch and stages the scores, in place of what an earlier try left. A part that is scored already is not scored again. A batch that can't be
 * scored is given up, so that it does not stand in the way of the next.
 */
export async function scorePart(
  { objects, registry, models }: ScorePartServices,
  useCase: UseCase,
  { batch: number, part }: ScorePartInput,
): Promise<void> {
  const batch = await readScoringBatch(registry, useCase.id, number);
  const resultKey = partResultKey(useCase.id, number, part.number);
  // Once the scores go into the table, all parts are scored, and their results may be gone.
  if (batch.attempt > 0 || (await objects.exists(resultKey))) return;
  try {
    const result = await stageScores({ objects, models }, useCase, batch, part);
    await objects.write(resultKey, JSON.stringify(result), 'application/json');
  } catch (error) {
    if (isPermanent(error)) {
      const failure = (error as Error).message;
      await putScoringBatch(registry, useCase.id, { ...batch, status: 'failed', failure });
    }
    throw error;
  }
}

/** Whether the next try would come to the same end. */
function isPermanent(error: unknown): boolean {
  return [UnreadableFileError, ObjectNotFoundError, CorruptModelError, UnreadableModelError, ModelContractError].some(
    type => error instanceof type,
  );
}

async function stageScores(
  { objects, models }: Pick<ScorePartServices, 'objects' | 'models'>,
  useCase: UseCase,
  batch: ScoringBatch,
  part: ScoringPart,
): Promise<PartResult> {
  const { model, giveBack } = await models.lease(useCase.id, batch.modelSha256);
  try {
    const { columns } = scoresStagingTable(useCase);
    const staged = await stageParts(objects, stagedScoresPrefix(useCase.id, batch.number, part.number), columns);
    const result = { rows: 0, decidedPositive: 0, rejected: 0 };
    for await (const block of readPart(objects, useCase, part)) {
      const scores = await model.session.score(block.columns);
      result.decidedPositive += await stageBlock(staged, batch, block, scores);
      result.rows += scores.length;
      result.rejected += block.rejected;
    }
    await staged.end();
    return result;
  } finally {
    giveBack();
  }
}

/** Adds a block's scores, in the order of the table's columns. @returns how many were decided positive */
async function stageBlock(
  staged: StagedParts,
  { file, version, threshold, plannedAt }: ScoringBatch,
  { observationIds, rowNumbers }: ScoringBlock,
  scores: Float64Array,
): Promise<number> {
  const scoredAt = new Date(plannedAt);
  let positives = 0;
  for (let row = 0; row < scores.length; row++) {
    const probability = scores[row]!;
    const decision = probability >= threshold;
    if (decision) positives++;
    const origin = [observationIds[row] ?? null, file, rowNumbers?.[row] ?? null];
    await staged.add([...origin, version, probability, threshold, decision, scoredAt]);
  }
  return positives;
}
