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

/**
 * Reads the rows that matured since versions were made, so that none was fitted on them: from the archive what is in it, be it as old as labels take, and
 * from the log the rest.
 *
 * @param table the log of predictions and outcomes
 */
export async function readMatured(
  table: Table,
  archive: ArchivedEvidence,
  { useCase, made, until }: MaturedOptions,
): Promise<MaturedRows> {
  const range = { from: matureUntil(useCase, made), to: matureUntil(useCase, until.toISOString()) };
  const { before, after } = divideAt(range, archive.through);
  const archived = await archive.sample(before, sampleSize);
  const sample = samplePredictions<ScorableRow>(sampleSize);
  for (const row of archived.rows) sample.add(row);
  for await (const row of readPredictions(table, useCase.id, after)) sample.add(row);
  const sampled = sample.rows();
  const sources = { archived, archivedBefore: archive.through };
  const labels = await findLabels(table, useCase, { predictions: sampled, ...sources, until });
  return { rows: sampled.filter(({ predictionId }) => labels.has(predictionId)), labels };
}
