import type { Run, RunModel } from '../../../lifecycle/registry/runs.ts';
import { measureFolds } from '../../../lifecycle/training/cross-validate.ts';
import { evaluate } from '../../../lifecycle/training/evaluation.ts';

const labels = Uint8Array.from({ length: 1_000 }, (_, row) => (row % 9 === 0 ? 1 : 0));
const scores = Float64Array.from(labels, (label, row) => (label + (row % 7)) / 10);
const evaluation = evaluate({ labels, scores, threshold: 0.3, seed: 7 });

/** A run whose figures are made up. */
export function exampleRun(changes: Partial<Run> = {}): Run {
  return {
    runId: 'run-1',
    useCase: 'loans',
    experimentId: 'experiment-1',
    status: 'finished',
    parameters: { algorithm: 'logistic-regression', C: 1, maxIter: 1_000 },
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
    foldMetrics: measureFolds({ labels, scores, foldOfRow: Int32Array.from(labels, (_, row) => row % 2) }, () => 0.3),
    foldRows: [
      { rows: 500, positives: 56 },
      { rows: 500, positives: 56 },
    ],
    curve: [1, 2, 3].map(iteration => ({ iteration, training: 0.7 / iteration })),
    threshold: 0.1,
    memoryMb: 1_769,
    peakMemoryMb: 210,
    outOfFold: { key: 'runs/loans/run-1/out-of-fold.parquet', sha256: 'cd'.repeat(32) },
    model: exampleModel(),
    trainingRows: 4_000,
    holdoutRows: 1_000,
    startedAt: '2026-03-02T03:00:00.000Z',
    seconds: 1.5,
    createdBy: 'arn:aws:states:us-east-1:000000000000:execution:Perennial-lifecycle:one',
    ...changes,
  };
}

/** A model whose figures are made up. */
export function exampleModel(): RunModel {
  return {
    modelSha256: 'ab'.repeat(32),
    modelBytes: 4_321,
    parity: 1e-7,
    metrics: { outOfFold: evaluation, holdout: evaluation },
    runtime: { node: 'v24.0.0', architecture: 'arm64' },
    startedAt: '2026-03-02T03:00:02.000Z',
    seconds: 0.5,
  };
}
