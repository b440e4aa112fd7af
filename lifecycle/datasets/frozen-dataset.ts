import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import { partition, withoutKey } from '../registry/keys.ts';

/** A dataset's entry in the registry; its manifest says the rest. */
export interface FrozenDataset {
  readonly datasetId: string;
  readonly contentHash: string;
  /** Of the attempt that won. */
  readonly manifestKey: string;
  readonly snapshotId: string;
  readonly rows: number;
  readonly positives: number;
  /** ISO instant. */
  readonly createdAt: string;
}

type DatasetItem = FrozenDataset & Key;

/** Reads a frozen dataset's entry, or undefined when there is none. */
export async function readFrozenDataset(
  registry: Table,
  useCase: string,
  datasetId: string,
): Promise<FrozenDataset | undefined> {
  const item = await registry.get<DatasetItem>(datasetKey(useCase, datasetId));
  return item && withoutKey(item);
}

/** Reads the entries of all frozen datasets of a use case, newest first. */
export async function listFrozenDatasets(registry: Table, useCase: string): Promise<FrozenDataset[]> {
  const items = await registry.query<DatasetItem>(partition(useCase, 'dataset'));
  return items.map(withoutKey).sort((left, right) => (left.createdAt < right.createdAt ? 1 : -1));
}

/** Makes an export the dataset of its id, unless another attempt was first: then returns that one. */
export async function claimDataset(registry: Table, useCase: string, dataset: FrozenDataset): Promise<FrozenDataset> {
  const item: DatasetItem = { ...datasetKey(useCase, dataset.datasetId), ...dataset };
  try {
    await registry.put(item, absent);
    return dataset;
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    return (await readFrozenDataset(registry, useCase, dataset.datasetId))!;
  }
}

function datasetKey(useCase: string, datasetId: string): Key {
  return { pk: partition(useCase, 'dataset'), sk: datasetId };
}
