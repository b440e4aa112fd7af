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

/** Starts an execution that a person asked for, and follows it to its end. Ctrl-C ends the following alone. */
export async function runMachine<Output>(
  deployment: Deployment,
  { machine, input, wait, describe }: RunMachineOptions<Output>,
): Promise<Answer> {
  const executionId = await deployment.workflows.start(machine, input, `manual-${Date.now()}`);
  if (!wait) return { data: { executionId, status: 'RUNNING' }, text: `Started ${executionId}` };
  const leave = () => {
    console.error(`\nNot waiting any more; ${executionId} goes on`);
    process.exit(130);
  };
  process.once('SIGINT', leave);
  const execution = await followExecution(deployment, executionId);
  process.off('SIGINT', leave);
  const { status, output, error, cause } = execution;
  const failed = status !== 'SUCCEEDED';
  const text = failed ? `${error ?? status}: ${readCause(cause)}` : describe(output as Output);
  return { data: execution, text, failed };
}
