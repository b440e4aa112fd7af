/** Inputs and outputs of the tasks of the `monitor` machine. */

/** What an execution of the `monitor` machine is asked to do. */
export interface MonitorRequest {
  readonly useCase: string;
  /** Look again at the newest window though it has a report: labels may have come late. @default false */
  readonly again?: boolean;
}

export interface MakeReportInput {
  readonly request: MonitorRequest;
  /** ARN of the execution. */
  readonly executionId: string;
}

export type MakeReportOutput =
  | {
      /** `present`: another execution has made it. */
      readonly status: 'made' | 'present';
      /** The window's end in UTC, `2026-11-21T00`. */
      readonly reportId: string;
      readonly revision: number;
      readonly summary: string;
      /** Whether newer windows are still to be reported on. */
      readonly more: boolean;
    }
  /** No whole window is archived yet. */
  | { readonly status: 'nothing'; readonly summary: string };

export interface DecideInput {
  readonly useCase: string;
  readonly reportId: string;
  readonly revision: number;
  readonly executionId: string;
}

export interface DecideOutput {
  readonly action: 'retrain' | 'alert' | 'none';
  readonly reasons: readonly string[];
  /** ARN of the lifecycle that was started; null where none was. */
  readonly lifecycle: string | null;
}
