import { hash } from 'node:crypto';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import { ObjectNotFoundError, type Objects } from '../../platform/objects.ts';
import { readParquetColumns } from '../datasets/parquet-columns.ts';
import type { Run } from '../registry/runs.ts';
import type { CrossValidation } from './cross-validate.ts';
import type { TrialEvaluation } from './evaluate-trial.ts';

/**
 * Stores what was predicted for each training row: `row` is its number in the dataset by observation id, `score` the probability given by the model of
 * the other folds.
 */
export async function writeOutOfFold(
  objects: Objects,
  { useCase, runId }: Pick<Run, 'useCase' | 'runId'>,
  { trainingRows, outOfFold }: TrialEvaluation,
): Promise<Run['outOfFold']> {
  const { labels, scores, foldOfRow } = outOfFold;
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'row', type: 'INT32', data: trainingRows },
        { name: 'fold', type: 'INT32', data: foldOfRow },
        { name: 'label', type: 'INT32', data: Int32Array.from(labels) },
        { name: 'score', type: 'DOUBLE', data: scores },
      ],
    }),
  );
  const key = `${bucketPrefixes.runs}${useCase}/${runId}/out-of-fold.parquet`;
  await objects.write(key, bytes, 'application/vnd.apache.parquet');
  return { key, sha256: hash('sha256', bytes, 'hex') };
}

/** Reads what a trial predicted; undefined when the file is gone or damaged. */
export async function readOutOfFold(
  objects: Objects,
  { key, sha256 }: Run['outOfFold'],
): Promise<CrossValidation | undefined> {
  const bytes = await readIfThere(objects, key);
  if (!bytes || hash('sha256', bytes, 'hex') !== sha256) return undefined;
  const { columns } = await readParquetColumns(bytes);
  const numbers = (name: string) => columns.get(name) as readonly number[];
  return {
    labels: Uint8Array.from(numbers('label')),
    scores: Float64Array.from(numbers('score')),
    foldOfRow: Int32Array.from(numbers('fold')),
  };
}

async function readIfThere(objects: Objects, key: string): Promise<Uint8Array | undefined> {
  try {
    return await objects.read(key);
  } catch (error) {
    if (!(error instanceof ObjectNotFoundError)) throw error;
    return undefined;
  }
}
