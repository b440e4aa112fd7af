import { compareDatasets } from '../../../lifecycle/datasets/compare-datasets.ts';
import type { Dataset } from '../../../lifecycle/datasets/read-dataset.ts';
import { missingCode } from '../../../ml/columns.ts';

type Row = readonly [id: string, label: number, amount: number, plan: number];

/** In the order of the ids, as datasets are read. */
function makeDataset(...rows: readonly Row[]): Dataset {
  const sorted = rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    observationIds: sorted.map(([id]) => id),
    labels: Uint8Array.from(sorted, ([, label]) => label),
    columns: [
      { kind: 'number', name: 'amount', values: Float32Array.from(sorted, ([, , amount]) => amount) },
      { kind: 'category', name: 'plan', levels: ['basic', 'pro'], codes: Int32Array.from(sorted, row => row[3]) },
    ],
  } as unknown as Dataset;
}

test('rows are matched by their observation ids', () => {
  const before = makeDataset(['a', 1, 1, 0], ['b', 0, 2, 1], ['d', 1, 3, 0]);
  const after = makeDataset(['b', 0, 2, 1], ['c', 1, 4, 0], ['d', 1, 3, 0], ['e', 0, 5, 0]);
  expect(compareDatasets(before, after)).toMatchObject({
    ...{ kept: 2, added: 2, removed: 1, addedPositives: 1, removedPositives: 1, relabelled: 0 },
    features: [
      { name: 'amount', changed: 0 },
      { name: 'plan', changed: 0 },
    ],
  });
});

test('other labels and other values of rows in both are counted; missing stays missing', () => {
  const before = makeDataset(['a', 1, Number.NaN, 0], ['b', 0, 2, missingCode], ['c', 0, -0, 1]);
  const after = makeDataset(['a', 0, Number.NaN, 1], ['b', 0, Number.NaN, missingCode], ['c', 0, 0, 1]);
  const { relabelled, features } = compareDatasets(before, after);
  expect(relabelled).toBe(1);
  expect(features.map(({ changed }) => changed)).toEqual([1, 1]);
});

test('each feature is summarized before and after', () => {
  const before = makeDataset(['a', 1, 4, 1], ['b', 0, Number.NaN, 1], ['c', 0, 2, 0]);
  const [amount, plan] = compareDatasets(before, makeDataset()).features;
  expect(amount!.before).toEqual({
    ...{ missing: 1, levels: [] },
    numbers: { minimum: 2, median: 4, mean: 3, maximum: 4 },
  });
  expect(plan!.before).toEqual({
    ...{ missing: 0, numbers: null },
    levels: [
      ['pro', 2],
      ['basic', 1],
    ],
  });
  expect(amount!.after).toEqual({ missing: 0, numbers: null, levels: [] });
});
