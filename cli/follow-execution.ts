import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionDetail, StateEvent } from '../platform/workflows.ts';
import type { Deployment } from './deployment.ts';

/** Waits for the end of an execution and says on stderr which stage it is at and how long each took. */
export async function followExecution(
  { workflows, pollMs }: Pick<Deployment, 'workflows' | 'pollMs'>,
  executionId: string,
): Promise<ExecutionDetail> {
  console.error(`Execution ${executionId}`);
  for (let told = 0; ; ) {
    const execution = await workflows.describe(executionId);
    const stages = endedStages(await workflows.states(executionId));
    for (const { state, seconds } of stages.slice(told)) {
      console.error(`  ${state.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s`);
    }
    told = stages.length;
    if (execution && execution.status !== 'RUNNING') return execution;
    await sleep(pollMs);
  }
}

/** The states that did something, in order: choices and ends take no time. */
function endedStages(events: readonly StateEvent[]): { state: string; seconds: number }[] {
  return events.flatMap(({ state, kind, at }, index) => {
    if (kind !== 'exited' || state.endsWith('?')) return [];
    const entered = events.slice(0, index).findLast(event => event.state === state && event.kind === 'entered');
    return [{ state, seconds: (at.getTime() - (entered?.at ?? at).getTime()) / 1_000 }];
  });
}
