import { exportOnnx } from '../../ml/onnx/export-model.ts';
import type { Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { readDataset } from '../datasets/read-dataset.ts';
import type { Run } from '../registry/runs.ts';
import { fitTrainingRows } from '../training/fit-trial.ts';
import { withThreads } from '../training/threads.ts';

/** What decides a model's bytes beside the trainer's program. */
export interface Recipe extends Pick<Run, 'manifestKey' | 'parameters' | 'seed'> {
  /** Threads to compute on; the model does not depend on them. */
  readonly threads: number;
}

/**
 * Makes a model once more, from its frozen dataset, and returns its ONNX file; nothing is stored.
 *
 * @throws {DatasetCorruptError} @throws {ObjectNotFoundError}
 */
export async function fitAgain(
  objects: Objects,
  useCase: UseCase,
  { manifestKey, threads: count, ...trial }: Recipe,
): Promise<Uint8Array> {
  const dataset = await readDataset(objects, useCase, manifestKey);
  const model = await withThreads(count, threads => fitTrainingRows(dataset, trial, threads));
  return exportOnnx(model);
}
