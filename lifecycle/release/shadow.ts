import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import { openStoredModel } from '../inference/open-stored-model.ts';
import { logShadowScores, readUnscored } from '../predictions/shadow-scores.ts';
import type { Shadow } from './ledger.ts';
import { scoreRows } from './score-rows.ts';

export interface ShadowServices {
  readonly objects: Objects;
  /** The log of predictions. */
  readonly predictions: Table;
  readonly clock: Clock;
}

export interface ShadowOptions {
  readonly shadow: Shadow;
  /** Predictions made in `[since, until)`. */
  readonly since: Date;
  readonly until: Date;
  /** Rows after which the work is left to another call, so that it fits into a function's time. @default - 100,000 */
  readonly limit?: number;
}

/** Rows scored and written at a time. */
const blockRows = 500;

/**
 * Scores the logged requests of a period with a version that answers nobody. What is scored already is left out, so that a repetition goes on.
 *
 * @returns how many it scored, and whether the period is done
 * @throws {CorruptModelError} @throws {ObjectNotFoundError}
 */
export async function scoreShadow(
  { objects, predictions, clock }: ShadowServices,
  { id }: Pick<UseCase, 'id'>,
  { shadow, since, until, limit = 100_000 }: ShadowOptions,
): Promise<{ readonly scored: number; readonly isDone: boolean }> {
  await using session = await openStoredModel(objects, { useCase: id, modelSha256: shadow.modelSha256 });
  let scored = 0;
  const unscored = readUnscored(predictions, id, shadow.version, { from: since, to: until });
  for await (const block of inBlocks(unscored)) {
    const scores = await scoreRows(
      session,
      block.map(({ features }) => features),
    );
    await logShadowScores(
      predictions,
      shadow,
      block.map((prediction, row) => ({ prediction, ...scores[row]! })),
      clock.now(),
    );
    scored += block.length;
    if (scored >= limit) return { scored, isDone: false };
  }
  return { scored, isDone: true };
}

async function* inBlocks(rows: AsyncIterable<LoggedPrediction>): AsyncGenerator<LoggedPrediction[]> {
  let block: LoggedPrediction[] = [];
  for await (const row of rows) {
    block.push(row);
    if (block.length < blockRows) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}
