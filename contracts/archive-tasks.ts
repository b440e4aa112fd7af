/** Inputs and outputs of the `archive` machine's task. */

export interface ArchiveInput {
  readonly useCase: string;
  /** ARN of the execution. */
  readonly executionId: string;
  /** ISO instant at which the execution started, as of which hours are over and predictions are mature. */
  readonly startedAt: string;
}

export interface ArchiveOutput {
  /** Files of outcomes that were logged, the rows of them, and the rows in quarantine. */
  readonly files: { readonly files: number; readonly outcomes: number; readonly rejected: number };
  /** Rows brought into the tables: predictions with the scores of shadows, and outcomes. */
  readonly predictions: number;
  readonly outcomes: number;
  /** Mature predictions that were landed, to become observations. */
  readonly landed: number;
  /** ISO instant: every hour before it is archived; null while there is nothing to archive. */
  readonly through: string | null;
}
