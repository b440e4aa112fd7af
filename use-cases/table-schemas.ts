import { bucketPrefixes } from '../contracts/bucket-layout.ts';
import type { Column, TableSchema } from '../contracts/tables.ts';
import type { Feature, UseCase } from './define-use-case.ts';

/** Tables that each use case has. */
export type TableNoun =
  | 'observations'
  | 'staging'
  | 'predictions'
  | 'predictions_staging'
  | 'outcomes'
  | 'outcomes_staging'
  | 'scores'
  | 'scores_staging';

/** Name of a use case's table in the Glue database: `bank_marketing_observations`. */
export function tableName(useCaseId: string, table: TableNoun): string {
  return `${useCaseId.replaceAll('-', '_')}_${table}`;
}

/** Columns of the features, in the definition's order. */
export function featureColumns(useCase: UseCase): Column[] {
  return Object.entries(useCase.features).map(([name, feature]) => ({ name, type: columnType(feature) }));
}

function columnType(feature: Feature): Column['type'] {
  const types = { number: 'double', integer: 'bigint', category: 'string', boolean: 'boolean' } as const;
  return types[feature.type];
}

/** The Iceberg table of every observation ever ingested. */
export function observationsTable(useCase: UseCase): TableSchema {
  return {
    name: tableName(useCase.id, 'observations'),
    prefix: `${bucketPrefixes.lake}${useCase.id}/observations/`,
    partitionedBy: ['month(event_time)'],
    columns: [
      { name: 'observation_id', type: 'string' },
      { name: 'entity_id', type: 'string' },
      { name: 'event_time', type: 'timestamp' },
      { name: 'ingest_seq', type: 'bigint' },
      { name: 'ingested_at', type: 'timestamp' },
      ...featureColumns(useCase),
      { name: 'label', type: 'int' },
      { name: 'label_seq', type: 'bigint' },
      { name: 'labelled_at', type: 'timestamp' },
    ],
  };
}

/** The external table over the Parquet files that a batch stages, one partition a batch. */
export function stagingTable(useCase: UseCase): TableSchema {
  return {
    name: tableName(useCase.id, 'staging'),
    prefix: `${bucketPrefixes.staging}${useCase.id}/`,
    partitionedBy: ['batch'],
    columns: [
      // Where the row comes from: the file's place in the batch, and the row's in the file.
      { name: 'file_number', type: 'int' },
      { name: 'file_row', type: 'bigint' },
      { name: 'observation_id', type: 'string' },
      { name: 'entity_id', type: 'string' },
      { name: 'event_time', type: 'timestamp' },
      // False where ingest spread the row over time itself: then its time says nothing about whether two rows are the same.
      { name: 'dated', type: 'boolean' },
      ...featureColumns(useCase),
      { name: 'label', type: 'int' },
    ],
  };
}

/** The Iceberg table of every prediction ever logged, and of every score that a shadow gave one: appended hour by hour. */
export function predictionsTable(useCase: UseCase): TableSchema {
  return {
    name: tableName(useCase.id, 'predictions'),
    prefix: `${bucketPrefixes.lake}${useCase.id}/predictions/`,
    partitionedBy: ['day(at)'],
    columns: [...predictionColumns(useCase), { name: 'archive_seq', type: 'bigint' }],
  };
}

/** The external table over the predictions that an archive run stages, one partition a run. */
export function predictionsStagingTable(useCase: UseCase): TableSchema {
  return {
    name: tableName(useCase.id, 'predictions_staging'),
    prefix: `${bucketPrefixes.staging}${useCase.id}/predictions/`,
    partitionedBy: ['archive'],
    columns: predictionColumns(useCase),
  };
}

function predictionColumns(useCase: UseCase): Column[] {
  return [
    { name: 'prediction_id', type: 'string' },
    { name: 'at', type: 'timestamp' },
    { name: 'version', type: 'bigint' },
    // The variant that answered; `shadow` for a score that nobody was answered with.
    { name: 'variant', type: 'string' },
    { name: 'entry', type: 'bigint' },
    // The variant in whose place the champion answered, and why; of a shadow, only why it has no score.
    { name: 'failed_variant', type: 'string' },
    { name: 'failed_version', type: 'bigint' },
    { name: 'failed_reason', type: 'string' },
    { name: 'scoring_ms', type: 'double' },
    { name: 'probability', type: 'double' },
    { name: 'threshold', type: 'double' },
    { name: 'decision', type: 'boolean' },
    { name: 'entity_id', type: 'string' },
    { name: 'observation_id', type: 'string' },
    // Names of features, joined by commas; NULL when there is none.
    { name: 'imputed', type: 'string' },
    { name: 'unseen', type: 'string' },
    ...featureColumns(useCase),
  ];
}

/** The Iceberg table of every outcome ever received: the last by `observed_at`, then `received_at`, counts. */
export function outcomesTable({ id }: Pick<UseCase, 'id'>): TableSchema {
  return {
    name: tableName(id, 'outcomes'),
    prefix: `${bucketPrefixes.lake}${id}/outcomes/`,
    partitionedBy: ['day(received_at)'],
    columns: [...outcomeColumns, { name: 'archive_seq', type: 'bigint' }],
  };
}

/** The external table over the outcomes that an archive run stages, one partition a run. */
export function outcomesStagingTable({ id }: Pick<UseCase, 'id'>): TableSchema {
  return {
    name: tableName(id, 'outcomes_staging'),
    prefix: `${bucketPrefixes.staging}${id}/outcomes/`,
    partitionedBy: ['archive'],
    columns: outcomeColumns,
  };
}

const outcomeColumns: readonly Column[] = [
  { name: 'outcome_id', type: 'string' },
  // Exactly one of the two is set.
  { name: 'prediction_id', type: 'string' },
  { name: 'observation_id', type: 'string' },
  { name: 'label', type: 'int' },
  { name: 'observed_at', type: 'timestamp' },
  { name: 'received_at', type: 'timestamp' },
  // The access key, or the landing file, that it came with.
  { name: 'received_by', type: 'string' },
];

/** The Iceberg table of what versions say of observations, or of the rows of a file, in batches. */
export function scoresTable({ id }: Pick<UseCase, 'id'>): TableSchema {
  return {
    name: tableName(id, 'scores'),
    prefix: `${bucketPrefixes.lake}${id}/scores/`,
    partitionedBy: ['day(scored_at)'],
    columns: [...scoreColumns, { name: 'score_seq', type: 'bigint' }],
  };
}

/** The external table over the scores that a batch stages, one partition a batch. */
export function scoresStagingTable({ id }: Pick<UseCase, 'id'>): TableSchema {
  return {
    name: tableName(id, 'scores_staging'),
    prefix: `${bucketPrefixes.staging}${id}/scores/`,
    partitionedBy: ['scoring'],
    columns: scoreColumns,
  };
}

const scoreColumns: readonly Column[] = [
  // NULL for a row of a file that has no ids.
  { name: 'observation_id', type: 'string' },
  // Where the row comes from: the file's key and the row's number in it; NULL for an observation of the table.
  { name: 'file', type: 'string' },
  { name: 'file_row', type: 'bigint' },
  { name: 'version', type: 'bigint' },
  { name: 'probability', type: 'double' },
  { name: 'threshold', type: 'double' },
  { name: 'decision', type: 'boolean' },
  { name: 'scored_at', type: 'timestamp' },
];

/** Every Iceberg table of a use case. */
export function icebergTables(useCase: UseCase): TableSchema[] {
  return [observationsTable(useCase), predictionsTable(useCase), outcomesTable(useCase), scoresTable(useCase)];
}

/** Every external table of a use case. */
export function stagingTables(useCase: UseCase): TableSchema[] {
  return [
    stagingTable(useCase),
    predictionsStagingTable(useCase),
    outcomesStagingTable(useCase),
    scoresStagingTable(useCase),
  ];
}
