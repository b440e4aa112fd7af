/** Inputs and outputs of the state machines' tasks. Only ids, numbers and S3 keys: a payload holds 256 KiB at most. */

/** Which mature rows train. */
export type TrainingWindow =
  | { readonly mode: 'all' }
  | { readonly mode: 'last'; readonly days: number }
  /** Rows whose `label_seq` is newer than the champion's. */
  | { readonly mode: 'incremental' };

/** A named set of candidates: `quick` for a first look, `thorough` for the best there is to have, `r1` to `r3` after published systems. */
export type CandidatePreset = 'quick' | 'thorough' | 'r1' | 'r2' | 'r3';

/** What an execution of the `lifecycle` machine is asked to do. */
export interface LifecycleRequest {
  readonly useCase: string;
  readonly trigger: 'schedule' | 'manual' | 'start' | 'monitor';
  /** @default - the use case's own window */
  readonly window?: TrainingWindow;
  /** Rows to synthesize into `landing/` before ingest; refused unless the deployment is a demo. `true`: as many as the use case's source says. */
  readonly newBatch?: boolean | number;
  /** Go on to training even when there is no new evidence. */
  readonly force?: boolean;
  /** What to try this once. @default - the use case's own candidates */
  readonly candidates?: CandidatePreset;
  /** How traffic moves to the version. @default - the use case's own strategy */
  readonly strategy?: 'canary' | 'shadow' | 'ab' | 'all-at-once';
}

/** What somebody may ask of an execution that they start: body of `POST …/lifecycle-executions`. */
export type LifecycleExecutionRequest = Omit<LifecycleRequest, 'useCase' | 'trigger'>;

/** What each task of the machine receives beside its own input. */
export interface ExecutionContext {
  /** ARN of the execution. */
  readonly executionId: string;
  /** ISO instant at which the execution started; maturity is judged as of then, so that a rerun judges alike. */
  readonly startedAt: string;
}

export interface IngestInput extends ExecutionContext {
  readonly request: LifecycleRequest;
}

export interface IngestOutput {
  /** Whether there is evidence that no lifecycle has concluded on yet. */
  readonly proceed: boolean;
  /** Why the lifecycle goes on or not, for people. */
  readonly reason: string;
  /** Number of the newest complete batch; 0 before the first. */
  readonly ingestSeq: number;
  /** Snapshot id of the observations table, as a decimal string; null before the first commit. */
  readonly snapshotId: string | null;
  readonly files: number;
  /** Rows read. */
  readonly rows: number;
  readonly inserted: number;
  /** Rows that were in the table already, with equal values. */
  readonly duplicates: number;
  /** Rows of the table that were given a label: by an outcome, or by a row that came again. */
  readonly labelled: number;
  /** Rows in quarantine. */
  readonly rejected: number;
  /** Prefix under which the bad rows and files are, each with its reason; null when there are none. */
  readonly quarantine: string | null;
}

export interface FreezeInput extends ExecutionContext {
  readonly request: LifecycleRequest;
}

export type FreezeOutput =
  | {
      readonly status: 'frozen';
      readonly datasetId: string;
      readonly manifestKey: string;
      readonly rows: number;
      readonly positives: number;
    }
  | {
      readonly status: 'insufficient data';
      readonly reason: string;
      readonly rows: number;
      readonly positives: number;
    };

/** The two functions that a trial may run on. */
export type TrialSize = 'standard' | 'large';

export interface PlanTrialsInput extends ExecutionContext {
  readonly request: Pick<LifecycleRequest, 'candidates'>;
  readonly useCase: string;
  readonly datasetId: string;
  readonly manifestKey: string;
}

export type PlanTrialsOutput =
  | {
      readonly status: 'planned';
      readonly experimentId: string;
      /** Numbers of the experiment's trials, from 0, and the function that each goes to. */
      readonly trials: readonly { readonly trial: number; readonly size: TrialSize }[];
    }
  /** The same content was trained by the same code, and what came of it was judged already; null where no candidate was worth a version. */
  | { readonly status: 'unchanged'; readonly experimentId: string; readonly version: number | null };

export interface TrainTrialInput extends ExecutionContext {
  readonly useCase: string;
  readonly experimentId: string;
  readonly trial: number;
}

export interface TrainTrialOutput {
  readonly runId: string;
}

export interface RecordFailureInput extends TrainTrialInput {
  readonly failure: { readonly Error: string; readonly Cause: string };
}

export interface SelectBestInput extends ExecutionContext {
  readonly useCase: string;
  readonly experimentId: string;
}

export type SelectBestOutput =
  | { readonly status: 'selected'; readonly runId: string; readonly reason: string }
  /** No candidate beats the base rate. */
  | { readonly status: 'none'; readonly reason: string };

export interface AppendRunsInput extends ExecutionContext {
  readonly useCase: string;
  readonly experimentId: string;
}

export interface AppendRunsOutput {
  readonly rows: number;
}

export interface RefitInput extends ExecutionContext {
  readonly useCase: string;
  readonly runId: string;
}

export interface RefitOutput {
  readonly runId: string;
  readonly modelSha256: string;
}

export interface RegisterInput extends ExecutionContext {
  readonly useCase: string;
  readonly runId: string;
}

export interface RegisterOutput {
  readonly version: number;
}

export interface GateInput extends ExecutionContext {
  readonly useCase: string;
  readonly version: number;
}

export interface GateOutput {
  readonly status: 'passed' | 'rejected';
  readonly version: number;
  /** Number of the ledger entry that holds the decision. */
  readonly entry: number;
  readonly reason: string;
}

export interface StartReleaseInput extends ExecutionContext {
  readonly request: LifecycleRequest;
  readonly version: number;
}

export interface StartReleaseOutput {
  /** Number of the release. */
  readonly release: number;
  readonly version: number;
  /** How far it came at once: `promoted` when there was nothing to wait for. */
  readonly status: 'waiting' | 'running' | 'promoted' | 'rolled back' | 'declined' | 'superseded';
  readonly reason: string;
}

/** The state of an execution of the `release` machine; what there is to know of the release stands in the registry. */
export interface AdvanceReleaseInput {
  readonly useCase: string;
  readonly release: number;
  /** How often this execution has looked at the release. */
  readonly rounds: number;
  readonly executionId: string;
}

export interface AdvanceReleaseOutput extends Omit<AdvanceReleaseInput, 'executionId'> {
  /** What the execution does until it looks again. */
  readonly action:
    | { readonly act: 'gate' | 'judge' | 'end' }
    /** Until an ISO instant, or until somebody decides. */
    | { readonly act: 'wait' | 'await approval'; readonly until: string };
}

/** Of the gate and the judge of a release. */
export interface ExamineReleaseInput {
  readonly useCase: string;
  readonly release: number;
  readonly executionId: string;
}

export interface RecordUnexaminedInput extends Omit<ExamineReleaseInput, 'executionId'> {
  readonly failure: { readonly Error: string; readonly Cause: string };
}

export interface AwaitApprovalInput {
  readonly useCase: string;
  readonly release: number;
  /** Given back, it wakes the execution. */
  readonly token: string;
}

/** `releasing`: the version passed the gate, and its release goes on without the lifecycle. */
export type LifecycleOutcome = 'released' | 'releasing' | 'rejected' | 'unchanged' | 'insufficient data' | 'failed';

export interface ConcludeInput extends ExecutionContext {
  readonly request: LifecycleRequest;
  /** The whole state of the execution, from which the outcome is read. */
  readonly state: {
    readonly ingest?: IngestOutput;
    readonly dataset?: FreezeOutput;
    readonly plan?: PlanTrialsOutput;
    readonly selection?: SelectBestOutput;
    readonly model?: RefitOutput;
    readonly registration?: RegisterOutput;
    readonly gate?: GateOutput;
    readonly release?: StartReleaseOutput;
    readonly failure?: { readonly Error: string; readonly Cause: string };
  };
}

export interface ConcludeOutput {
  readonly outcome: LifecycleOutcome;
  readonly version: number | null;
  readonly reason: string;
}

/** An execution of the `lifecycle` machine that was asked for over HTTP. */
export interface StartedLifecycleExecution {
  readonly name: string;
  readonly useCase: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';
}

/** An execution, and what came of it. */
export interface LifecycleExecution extends StartedLifecycleExecution {
  readonly trigger: LifecycleRequest['trigger'];
  /** ISO instants; the second is null while it runs. */
  readonly startedAt: string;
  readonly stoppedAt: string | null;
  /** Null while it runs. */
  readonly outcome: LifecycleOutcome | 'nothing to do' | null;
  /** The version that it decided on, if any. */
  readonly version: number | null;
  /** Why, for people; null while it runs. */
  readonly reason: string | null;
}

export interface MaintainInput {
  readonly useCase: string;
  readonly executionId: string;
}

export interface MaintainOutput {
  /** Statements run per table, in order, with how often each had to run. */
  readonly tables: readonly { readonly table: string; readonly optimizeRuns: number; readonly vacuumRuns: number }[];
}
