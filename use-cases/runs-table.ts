import { bucketPrefixes } from '../contracts/bucket-layout.ts';
import type { Column, TableSchema } from '../contracts/tables.ts';
import type { MetricName } from '../ml/metrics/metrics.ts';

// As a record, so that the compiler misses a metric that is left out.
const metricColumns: Readonly<Record<MetricName, true>> = {
  ...{ roc_auc: true, average_precision: true, log_loss: true, brier: true, accuracy: true, precision: true },
  ...{ recall: true, f1: true, specificity: true, ks: true, lift: true },
};

/** The Iceberg table of every trial ever made, of all use cases: a row each, appended when its experiment has ended. */
export function experimentRunsTable(): TableSchema {
  const figures = Object.keys(metricColumns).flatMap((name): Column[] => [
    { name: `${name}_mean`, type: 'double' },
    { name: `${name}_sd`, type: 'double' },
  ]);
  return {
    name: 'experiment_runs',
    prefix: `${bucketPrefixes.lake}experiment_runs/`,
    partitionedBy: ['use_case'],
    columns: [
      { name: 'use_case', type: 'string' },
      { name: 'experiment_id', type: 'string' },
      { name: 'run_id', type: 'string' },
      { name: 'status', type: 'string' },
      { name: 'selected', type: 'boolean' },
      { name: 'error', type: 'string' },
      { name: 'algorithm', type: 'string' },
      // JSON of all parameters.
      { name: 'parameters', type: 'string' },
      { name: 'seed', type: 'bigint' },
      { name: 'folds', type: 'int' },
      { name: 'metric', type: 'string' },
      ...figures,
      { name: 'threshold', type: 'double' },
      { name: 'started_at', type: 'timestamp' },
      { name: 'seconds', type: 'double' },
      { name: 'memory_mb', type: 'int' },
      { name: 'peak_memory_mb', type: 'int' },
      { name: 'iceberg_snapshot_id', type: 'string' },
      { name: 'iceberg_parent_id', type: 'string' },
      { name: 'iceberg_committed_at', type: 'timestamp' },
      { name: 'row_count', type: 'bigint' },
      { name: 'ingest_seq_from', type: 'bigint' },
      { name: 'ingest_seq_to', type: 'bigint' },
      { name: 'label_seq_from', type: 'bigint' },
      { name: 'label_seq_to', type: 'bigint' },
      { name: 'dataset_id', type: 'string' },
      { name: 'code_version', type: 'string' },
      { name: 'created_by', type: 'string' },
    ],
  };
}
