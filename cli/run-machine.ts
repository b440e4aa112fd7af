import type { Answer } from './command.ts';
import type { Deployment } from './deployment.ts';
import { followExecution } from './follow-execution.ts';
import { readCause } from './text.ts';

export interface RunMachineOptions<Output> {
  /** Last word of the state machine's name. */
  readonly machine: string;
  readonly input: object;
  /** Whether to wait for the end. */
  readonly wait: boolean;
  /** Says what came of it. */
  readonly describe: (output: Output) => string;
}

/** Starts an execution that a person asked for, and follows it to its end. */
export async function runMachine<Output>(
  deployment: Deployment,
  { machine, input, wait, describe }: RunMachineOptions<Output>,
): Promise<Answer> {
  const executionId = await deployment.workflows.start(machine, input, `manual-${Date.now()}`);
  if (!wait) return { data: { executionId, status: 'RUNNING' }, text: `Started ${executionId}` };
  const { status, output, error, cause } = await followExecution(deployment, executionId);
  const failed = status !== 'SUCCEEDED';
  const text = failed ? `${error ?? status}: ${readCause(cause)}` : describe(output as Output);
  return { data: { executionId, status, output, error, cause }, text, failed };
}
