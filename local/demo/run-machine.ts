import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '../../cli/deployment.ts';
import { readCause } from '../../cli/text.ts';

/** Thrown when an execution that the story needs came to a bad end. */
export class MachineFailedError extends Error {
  override readonly name = 'MachineFailedError';
}

/** Starts a state machine and waits for its output. @throws {MachineFailedError} */
export async function runMachine<Output>(
  { workflows, clock, pollMs }: Deployment,
  machine: string,
  input: object,
): Promise<Output> {
  const executionId = await workflows.start(machine, input, `demo-${clock.now().getTime()}`);
  for (;;) {
    const execution = await workflows.describe(executionId);
    if (execution?.status === 'SUCCEEDED') return execution.output as Output;
    if (execution && execution.status !== 'RUNNING') {
      const { name, status, error, cause } = execution;
      throw new MachineFailedError(`Execution ${name} of ${machine} ${status}: ${error}: ${readCause(cause)}`);
    }
    await sleep(pollMs);
  }
}
