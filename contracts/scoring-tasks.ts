/** Inputs and outputs of the `score-batch` machine's tasks. */

/** What an execution is asked to score by the champion, each row once a version. */
export interface ScoreBatchRequest {
  readonly useCase: string;
  /** Only observations of the batches `[from, to]`. @default - all that this version has not scored */
  readonly from?: number;
  readonly to?: number;
  /** Key below `scoring/<useCase>/` of a file, CSV, NDJSON or Parquet, that is scored instead of observations. */
  readonly file?: string;
}

export interface PlanScoringInput {
  readonly request: ScoreBatchRequest;
  /** ARN of the execution. */
  readonly executionId: string;
  /** ISO instant at which the execution started. */
  readonly startedAt: string;
  /** What it planned last. @default - nothing yet */
  readonly plan?: PlanScoringOutput | null;
  /** What became of the parts of that, if it was bad. */
  readonly failure?: { readonly Error: string; readonly Cause: string } | null;
}

export type PlanScoringOutput =
  | {
      readonly status: 'planned';
      readonly batch: number;
      /** Key of the list of parts: a JSON array of `ScoringPart`s, as there may be more than a state may hold. */
      readonly partsKey: string;
    }
  /** Every part is scored, and the scores are about to be in the table. */
  | { readonly status: 'scored'; readonly batch: number }
  | { readonly status: 'done'; readonly result: ScoringResult };

/** What came of an execution's own request. */
export interface ScoringResult {
  /** Number of the batch: the `score_seq` of its rows; null when there was nothing to score. */
  readonly batch: number | null;
  readonly version: number | null;
  readonly rows: number;
  readonly decidedPositive: number;
  /** Rows of a file that cannot be scored. */
  readonly rejected: number;
  readonly reason: string;
}

/** Some rows of a Parquet file of observations, or a whole file that was dropped to be scored. */
export interface ScoringPart {
  /** 0, 1, 2 … */
  readonly number: number;
  readonly key: string;
  /** `[start, end)`, of a file of `size` bytes; null: all. */
  readonly rows: { readonly start: number; readonly end: number; readonly size: number } | null;
}

export interface ScorePartInput {
  readonly useCase: string;
  readonly batch: number;
  readonly part: ScoringPart;
  readonly executionId: string;
}

export interface AppendScoresInput {
  readonly useCase: string;
  readonly batch: number;
  readonly executionId: string;
}
