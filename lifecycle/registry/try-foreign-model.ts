import type { Instance } from '../../contracts/http.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Dataset } from '../datasets/read-dataset.ts';
import { type ModelSession, openModel } from '../inference/model-session.ts';
import { parityTolerance } from '../training/check-parity.ts';
import { pickGoldenColumns, writeInstances } from '../training/golden-rows.ts';
import { splitRows } from '../training/split-rows.ts';
import { ForeignModelError } from './foreign-model.ts';
import type { GoldenRow } from './model-card.ts';

export interface TryForeignModelOptions {
  readonly useCase: UseCase;
  readonly onnx: Uint8Array;
  /** What its maker says that it answers; none when nothing is said. */
  readonly goldenRows: readonly GoldenRow[];
  readonly dataset: Dataset;
}

/** What a foreign model answers. */
export interface ForeignAnswers {
  /** Of each row of the dataset. */
  readonly scores: Float64Array;
  /** Its maker's, and real rows in parts blanked or altered. */
  readonly goldenRows: readonly GoldenRow[];
}

/**
 * Runs a foreign model: it has to answer as its maker says, alike in one batch and row by row, and with a probability to whatever a request may hold, missing
 * values and unknown levels among it.
 *
 * @throws {ForeignModelError}
 */
export async function tryForeignModel(options: TryForeignModelOptions): Promise<ForeignAnswers> {
  const { onnx, dataset, goldenRows } = options;
  const session = await attempt('it cannot be opened', () => openModel(onnx));
  try {
    await compareGoldenRows(session, goldenRows);
    const altered = await answerAlteredRows(session, options);
    const scores = await attempt('it cannot score the newest dataset', () => session.score(dataset.columns));
    const row = scores.findIndex(score => !isProbability(score));
    if (row !== -1)
      throw new ForeignModelError([`it answers ${scores[row]} for observation "${dataset.observationIds[row]}"`]);
    return { scores, goldenRows: [...goldenRows, ...altered] };
  } finally {
    await session.close();
  }
}

async function compareGoldenRows(session: ModelSession, goldenRows: readonly GoldenRow[]): Promise<void> {
  const answers = await scoreBoth(
    session,
    goldenRows.map(({ instance }) => instance),
  );
  const problems = goldenRows.flatMap(({ probability }, row) => {
    const answer = answers[row]!;
    if (Math.abs(answer - probability) <= parityTolerance) return [];
    return [
      `it answers ${answer} for golden row ${row}, its signature says ${probability} (accepted ± ${parityTolerance})`,
    ];
  });
  if (problems.length > 0) throw new ForeignModelError(problems.slice(0, 5));
}

async function answerAlteredRows(
  session: ModelSession,
  { useCase, dataset }: TryForeignModelOptions,
): Promise<GoldenRow[]> {
  const { trainingRows } = splitRows(dataset.entityIds);
  const instances = writeInstances(useCase, pickGoldenColumns(dataset.columns, trainingRows));
  const answers = await scoreBoth(session, instances);
  const unusable = instances.findIndex((_, row) => !isProbability(answers[row]!));
  if (unusable !== -1) {
    const shown = JSON.stringify(instances[unusable]);
    throw new ForeignModelError([
      `it answers ${answers[unusable]} for ${shown}; missing values (NaN, '') and unknown levels need a probability too`,
    ]);
  }
  return instances.map((instance, row) => ({ instance, probability: answers[row]! }));
}

/** Scores rows together and one by one. */
async function scoreBoth(session: ModelSession, instances: readonly Instance[]): Promise<Float64Array> {
  if (instances.length === 0) return new Float64Array();
  const together = await attempt('it cannot score several rows at once', () => session.scoreInstances(instances));
  for (const [row, instance] of instances.entries()) {
    const [alone] = await attempt('it cannot score a single row', () => session.scoreInstances([instance]));
    const same = Object.is(alone, together[row]) || Math.abs(alone! - together[row]!) <= parityTolerance;
    if (!same)
      throw new ForeignModelError([
        `it answers ${alone} for a row alone and ${together[row]} for the same among others`,
      ]);
  }
  return together;
}

function isProbability(score: number): boolean {
  return score >= 0 && score <= 1;
}

async function attempt<Result>(problem: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    throw new ForeignModelError([`${problem}: ${(cause as Error).message}`], { cause });
  }
}
