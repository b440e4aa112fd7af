import { measureFolds } from '../../../lifecycle/training/cross-validate.ts';

test('measureFolds() takes more rows than a call takes arguments', () => {
  const rows = 400_000;
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % 2);
  const scores = Float64Array.from(labels, label => 0.25 + label / 2);
  const foldOfRow = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 2) % 4);

  const { accuracy, roc_auc } = measureFolds({ labels, scores, foldOfRow }, 0.5);

  expect(accuracy).toEqual({ mean: 1, sd: 0, folds: [1, 1, 1, 1] });
  expect(roc_auc.mean).toBe(1);
});
