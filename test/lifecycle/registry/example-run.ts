import type { Run } from '../../../lifecycle/registry/runs.ts';
import type { Evaluation, FoldMetrics } from '../../../lifecycle/training/evaluation.ts';

const figures = { roc_auc: 0.78, average_precision: 0.4, log_loss: 0.3, brier: 0.09, accuracy: 0.89 };

const evaluation: Evaluation = {
  rows: 1_000,
  positives: 110,
  metrics: mapFigures(value => ({ value, low: value - 0.01, high: value + 0.01 })),
  baseRate: figures,
};

/** A run whose figures are made up. */
export function exampleRun(changes: Partial<Run> = {}): Run {
  return {
    runId: 'run-1',
    useCase: 'loans',
    parameters: { algorithm: 'logistic-regression', C: 1, maxIter: 100 },
    seed: 7,
    manifestKey: 'datasets/loans/d1/1/manifest.json',
    tags: {
      iceberg_snapshot_id: '4611686018427387905',
      iceberg_parent_id: null,
      iceberg_committed_at: '2026-03-01T00:00:00.000Z',
      row_count: 5_000,
      ingest_seq: { from: 1, to: 3 },
      label_seq: { from: 1, to: 3 },
      dataset_id: 'd1',
      content_hash: 'c1',
      code_version: 'code-1',
    },
    foldMetrics: mapFigures(mean => ({ mean, sd: 0.01, folds: [mean, mean] })) as FoldMetrics,
    metrics: { outOfFold: evaluation, holdout: evaluation },
    threshold: 0.1,
    modelSha256: 'ab'.repeat(32),
    modelBytes: 4_321,
    parity: 1e-7,
    trainingRows: 4_000,
    holdoutRows: 1_000,
    startedAt: '2026-03-02T03:00:00.000Z',
    seconds: 1.5,
    createdBy: 'arn:aws:states:us-east-1:000000000000:execution:Perennial-lifecycle:one',
    ...changes,
  };
}

function mapFigures<T>(map: (value: number) => T) {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, map(value)])) as Record<
    keyof typeof figures,
    T
  >;
}
