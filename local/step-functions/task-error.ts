/** Bytes of JSON that an input, a result or a state may have. */
export const payloadLimit = 262_144;

/** Failure of a task: Retry and Catch match its name, and its message becomes the `Cause`. */
export class TaskError extends Error {
  override readonly name: string;

  constructor(errorName: string, cause: string) {
    super(cause);
    this.name = errorName;
  }
}

/** Ends an execution: neither Retry nor Catch sees it, not even by `States.ALL`. The interpreter asks by these two properties. */
export class TerminalError extends TaskError {
  readonly isRetryable = false;
  readonly isCatchable = false;
}

/** What a state answers to a payload above 256 KiB. */
export function dataLimitExceeded(state: string): TerminalError {
  return new TerminalError(
    'States.DataLimitExceeded',
    `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** Turns the failure of a function into the error that a state machine sees: `errorType` by name, and Lambda's JSON as cause. */
export function functionError(failure: unknown): TaskError {
  const error: Error & { readonly trace?: readonly string[] } =
    failure instanceof Error ? failure : new Error(String(failure));
  const { name, message, stack = '', trace = stack.split('\n').map(line => line.trim()) } = error;
  return new TaskError(name, JSON.stringify({ errorType: name, errorMessage: message, trace }));
}
