import { crossValidate, measureFolds } from '../../../lifecycle/training/cross-validate.ts';

const smote = { algorithm: 'logistic-regression', resampling: { method: 'smote' } } as const;

test.each([
  [{ algorithm: 'support-vector' } as const, 20_001, 'a support-vector machine on 20001 rows'],
  [smote, 100_002, 'by SMOTE from 50001 rows of the rarer class'],
])('what cannot be fitted on all rows is refused before anything is fitted: %j', (parameters, count, message) => {
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const labels = Uint8Array.from(rows, row => row % 2);
  const data = { columns: [{ kind: 'number' as const, name: 'x', values: Float32Array.from(rows) }], labels };
  const told: number[] = [];
  const onFold = ({ fold }: { fold: number }) => told.push(fold);

  const crossValidateAll = () => crossValidate({ parameters, seed: 1, data, entityIds: rows, rows, folds: 2, onFold });

  expect(crossValidateAll).toThrow(message);
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
