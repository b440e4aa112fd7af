import { crossValidate, measureFolds } from '../../../lifecycle/training/cross-validate.ts';
import { TooManyRowsError } from '../../../ml/support-vector/support-vector.ts';

test('what cannot be fitted on all rows is refused before anything is fitted', () => {
  const rows = Int32Array.from({ length: 20_001 }, (_, row) => row);
  const labels = Uint8Array.from(rows, row => row % 2);
  const data = { columns: [{ kind: 'number' as const, name: 'x', values: Float32Array.from(rows) }], labels };
  const told: number[] = [];
  const onFold = ({ fold }: { fold: number }) => told.push(fold);

  expect(() =>
    crossValidate({
      parameters: { algorithm: 'support-vector' },
      seed: 1,
      data,
      entityIds: rows,
      rows,
      folds: 2,
      onFold,
    }),
  ).toThrow(TooManyRowsError);
  expect(told).toEqual([]);
});

test('measureFolds() takes more rows than a call takes arguments', () => {
  const rows = 400_000;
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % 2);
  const scores = Float64Array.from(labels, label => 0.25 + label / 2);
  const foldOfRow = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 2) % 4);

  const { accuracy, roc_auc } = measureFolds({ labels, scores, foldOfRow }, () => 0.5);

  expect(accuracy).toEqual({ mean: 1, sd: 0, folds: [1, 1, 1, 1] });
  expect(roc_auc.mean).toBe(1);
});
