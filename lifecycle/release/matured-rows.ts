import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { matureUntil } from '../datasets/maturity.ts';
import { readPredictions } from '../predictions/read-predictions.ts';
import { samplePredictions } from '../predictions/sample-predictions.ts';
import { type ArchivedEvidence, divideAt, type ScorableRow } from './archived-evidence.ts';
import { findLabels } from './known-labels.ts';

/** Logged rows whose labels are known. */
export interface MaturedRows {
  readonly rows: readonly ScorableRow[];
  /** By prediction id. */
  readonly labels: ReadonlyMap<string, 0 | 1>;
}

export interface MaturedOptions {
  readonly useCase: UseCase;
  /** ISO instant at which the newer of the versions was made. */
  readonly made: string;
  readonly until: Date;
}

/** Rows at most. */
const sampleSize = 20_000;
/** Days before the versions were made in which the entities that nothing is ever fitted on have rows to judge by, too: a release may be over before much matures. */
const heldOutDays = 7;

/**
 * Reads rows that are mature and that no version was fitted on: those that matured since both were made, and of the week before those of held-out entities.
 * They come from the archive as far as they are in it, be it as old as labels take; the log only adds what has not been archived since.
 *
 * @param table the log of predictions and outcomes
 */
export async function readMatured(
  table: Table,
  archive: ArchivedEvidence,
  { useCase, made, until }: MaturedOptions,
): Promise<MaturedRows> {
  const heldOutBefore = matureUntil(useCase, made);
  const from = new Date(heldOutBefore.getTime() - heldOutDays * 86_400_000);
  const to = matureUntil(useCase, until.toISOString());
  const { before } = divideAt({ from, to }, archive.through);
  const archived = await archive.sample(before, { size: sampleSize, heldOutBefore });
  const sample = samplePredictions<ScorableRow>(sampleSize);
  for (const row of archived.rows) sample.add(row);
  const { after } = divideAt({ from: heldOutBefore, to }, archive.through);
  for await (const row of readPredictions(table, useCase.id, after)) sample.add(row);
  const sampled = sample.rows();
  const sources = { archived, archivedBefore: archive.through };
  const labels = await findLabels(table, useCase, { predictions: sampled, ...sources, until });
  return { rows: sampled.filter(({ predictionId }) => labels.has(predictionId)), labels };
}
