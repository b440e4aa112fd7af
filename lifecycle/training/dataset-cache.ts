import type { Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { type Dataset, readDataset } from '../datasets/read-dataset.ts';

/** Keeps the dataset that was read last: the trials of an experiment that one function runs read it once. */
export interface DatasetCache {
  /** @throws {DatasetCorruptError} */
  read(objects: Objects, useCase: UseCase, manifestKey: string): Promise<Dataset>;
}

/** Makes an empty cache. */
export function createDatasetCache(): DatasetCache {
  let last: { readonly manifestKey: string; readonly dataset: Dataset } | undefined;
  return {
    async read(objects, useCase, manifestKey) {
      if (last?.manifestKey === manifestKey) return last.dataset;
      // Let go first, so that two datasets need not fit beside each other.
      last = undefined;
      const dataset = await readDataset(objects, useCase, manifestKey);
      last = { manifestKey, dataset };
      return dataset;
    },
  };
}
