/** Top-level prefixes of the bucket. Below each: `<useCase>/…`. */
export const bucketPrefixes = {
  /** Files that producers drop. */
  landing: 'landing/',
  /** Landing files, once their batch is in: `ingested/<useCase>/<ingest_seq>/`. */
  ingested: 'ingested/',
  /** Rejected rows, one NDJSON object per batch, and the files of refused batches. */
  quarantine: 'quarantine/',
  /** A batch's good rows as Parquet until its INSERT is done: `staging/<useCase>/<ingest_seq>/`. */
  staging: 'staging/',
  /** Iceberg tables: `lake/<useCase>/<table>/`. */
  lake: 'lake/',
  /** Frozen training data: `datasets/<useCase>/<datasetId>/<attempt>/`. */
  datasets: 'datasets/',
  /** What a trial predicted out of fold: `runs/<useCase>/<runId>/out-of-fold.parquet`. */
  runs: 'runs/',
  /** Immutable models: `models/<useCase>/<sha256>.onnx` and `.json`. */
  models: 'models/',
  /** The trainer's bundles: `code/<sha256>.mjs`. */
  code: 'code/',
  /** Files to be scored: `scoring/<useCase>/`. */
  scoring: 'scoring/',
  /** Monitoring reports: `reports/<useCase>/<window>/<revision>-<sha256>.json`. */
  reports: 'reports/',
  /** What was made of what, as OpenLineage events: `lineage/<useCase>/<act>/<id>.ndjson`. */
  lineage: 'lineage/',
  /** Query results of Athena, expired after days. */
  athena: 'athena/',
} as const;

/** Folders below `landing/<useCase>/` whose files are no rows that a producer dropped. */
export const landingFolders = {
  /** Observations made by the use case's own generator. */
  synthetic: 'synthetic/',
  /** Observations that were predictions: the archive writes them once they are mature. */
  predictions: 'predictions/',
  /** True labels of earlier predictions and observations. */
  outcomes: 'outcomes/',
} as const;
