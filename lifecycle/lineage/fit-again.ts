import { exportOnnx } from '../../ml/onnx/export-model.ts';
import { ObjectNotFoundError } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { type DatasetFiles, readDataset } from '../datasets/read-dataset.ts';
import type { Run } from '../registry/runs.ts';
import { fitTrainingRows } from '../training/fit-trial.ts';
import { withThreads } from '../training/threads.ts';

/** What decides a model's bytes beside the trainer's program. */
export interface Recipe extends Pick<Run, 'manifestKey' | 'parameters' | 'seed'> {
  /** Threads to compute on; the model does not depend on them. */
  readonly threads: number;
  /** The frozen dataset, manifest and parts, by key. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes a model once more and returns its ONNX file. Nothing else is read, and nothing is stored.
 *
 * @throws {DatasetCorruptError} @throws {ObjectNotFoundError}
 */
export async function fitAgain(
  useCase: UseCase,
  { manifestKey, files, threads: count, ...trial }: Recipe,
): Promise<Uint8Array> {
  const dataset = await readDataset(filesIn(files), useCase, manifestKey);
  const model = await withThreads(count, threads => fitTrainingRows(dataset, trial, threads));
  return exportOnnx(model);
}

function filesIn(files: Recipe['files']): DatasetFiles {
  const read = async (key: string) => {
    const bytes = files.get(key);
    if (!bytes) throw new ObjectNotFoundError(key);
    return bytes;
  };
  return { uri: key => key, read, readJson: async key => JSON.parse(new TextDecoder().decode(await read(key))) };
}
