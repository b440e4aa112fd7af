import type { Deployment } from '../../cli/deployment.ts';
import { followExecution } from '../../cli/follow-execution.ts';
import type { Progress } from '../../cli/progress.ts';
import { readCause } from '../../cli/text.ts';
import type { ExecutionDetail } from '../../platform/workflows.ts';

/** Thrown when an execution ended in another state than SUCCEEDED. */
export class ExecutionFailedError extends Error {
  override readonly name = 'ExecutionFailedError';

  constructor({ executionId, status, error, cause }: ExecutionDetail) {
    const [machine, name] = executionId.split(':').slice(-2);
    super(`Execution ${name} of ${machine} ${status}: ${error ?? 'no error named'}: ${readCause(cause)}`);
  }
}

/** Follows an execution to its end. @returns its output @throws {ExecutionFailedError} */
export async function executionOutput<Output>(
  deployment: Deployment,
  executionId: string,
  progress: Progress,
): Promise<Output> {
  const execution = await followExecution(deployment, executionId, progress);
  if (execution.status !== 'SUCCEEDED') throw new ExecutionFailedError(execution);
  return execution.output as Output;
}
