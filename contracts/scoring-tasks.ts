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
}

export type PlanScoringOutput =
  | {
      readonly status: 'planned';
      readonly batch: number;
      /** Numbers of the parts, from 0. */
      readonly parts: readonly { readonly part: number }[];
    }
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

export interface ScorePartInput {
  readonly useCase: string;
  readonly batch: number;
  readonly part: number;
  readonly executionId: string;
}

export interface AppendScoresInput {
  readonly useCase: string;
  readonly batch: number;
  readonly executionId: string;
}
