import { openModel } from '../../../lifecycle/inference/model-session.ts';
import type { FeatureColumn, LabelledColumns } from '../../../ml/columns.ts';
import { supportVectorGraph } from '../../../ml/onnx/export-support-vector.ts';
import { writeModel } from '../../../ml/onnx/graph.ts';
import type { SupportVectorParameters } from '../../../ml/support-vector/parameters.ts';
import {
  fitSupportVector,
  predictSupportVector,
  type SupportVector,
} from '../../../ml/support-vector/support-vector.ts';
import { makeUpRows, range } from '../made-up-rows.ts';

const data = makeUpRows(1_200, 18);

function fitOn(parameters: SupportVectorParameters, given: LabelledColumns = data): SupportVector {
  return fitSupportVector(parameters, given, range(0, 700), 1);
}

/** Largest difference between the exported graph's probabilities and the trainer's. */
async function largestDifference(fitted: SupportVector, columns: readonly FeatureColumn[], rows: number) {
  const session = await openModel(writeModel(supportVectorGraph(fitted)));
  const scores = await session.score(columns);
  await session.close();
  return predictSupportVector(fitted, columns, range(0, rows)).reduce(
    (largest, p, row) => Math.max(largest, Math.abs(p - scores[row]!)),
    0,
  );
}

test.each([
  { kernel: 'rbf' },
  { kernel: 'rbf', C: 100, gamma: 2 },
  { kernel: 'linear' },
  { kernel: 'linear', C: 50, classWeight: 'balanced' },
] as const)(
  'the exported graph of %j computes what the trainer does, for missing values and unseen levels too',
  async parameters => {
    const fitted = fitOn(parameters);
    expect(await largestDifference(fitted, data.columns, 1_200)).toBeLessThan(1e-6);
    expect(await largestDifference(fitted, makeUpRows(1, 19).columns, 1)).toBeLessThan(1e-6);
  },
);

test('far from all rows the RBF kernel leaves the bias alone, there and here', async () => {
  const values = Float32Array.of(1e30, -1e30, 1e-45, 0);
  const extreme = makeUpRows(values.length, 20).columns.map(column =>
    column.name === 'balance' && column.kind === 'number' ? { ...column, values } : column,
  );
  expect(await largestDifference(fitOn({}), extreme, values.length)).toBeLessThan(1e-6);
});

test('numbers alone, and categories alone, are exported', async () => {
  for (const kind of ['number', 'category'] as const) {
    const columns = data.columns.filter(column => column.kind === kind);
    const fitted = fitOn({}, { columns, labels: data.labels });
    expect(await largestDifference(fitted, columns, 1_200)).toBeLessThan(1e-6);
  }
});

test('the same machine gives the same bytes', () => {
  const bytes = (fitted: SupportVector) => Buffer.from(writeModel(supportVectorGraph(fitted)));
  expect(bytes(fitOn({})).equals(bytes(fitOn({})))).toBe(true);
});
