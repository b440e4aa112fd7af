import { setTimeout as sleep } from 'node:timers/promises';
import type { ConcludeInput } from '../contracts/tasks.ts';
import type { Clock } from '../lifecycle/clock.ts';
import type { ExecutionDetail, StateEvent } from '../platform/workflows.ts';
import type { Deployment } from './deployment.ts';
import { Progress } from './progress.ts';
import { count } from './text.ts';

/** Waits for the end of an execution and says at which stage it is, how long each took, and what came of it. */
export async function followExecution(
  { workflows, clock, pollMs }: Pick<Deployment, 'workflows' | 'clock' | 'pollMs'>,
  executionId: string,
  progress: Progress = new Progress(),
): Promise<ExecutionDetail> {
  for (let told = 0; ; ) {
    const execution = await workflows.describe(executionId);
    const states = await workflows.states(executionId);
    for (const [index, event] of states.entries())
      if (index >= told) tell(event, states.slice(0, index), clock, progress);
    told = states.length;
    if (execution && execution.status !== 'RUNNING') return execution;
    await sleep(pollMs);
  }
}

/** What came of the stages that tell more than that they ended, by the name of their state. */
const results: Readonly<Record<string, (state: ConcludeInput['state']) => string>> = {
  Ingest: ({ ingest }) =>
    [
      `${count(ingest?.inserted ?? 0)} rows in`,
      `${count(ingest?.duplicates ?? 0)} known`,
      `${count(ingest?.rejected ?? 0)} rejected`,
      ...(ingest?.labelled ? [`${count(ingest.labelled)} labelled`] : []),
      ...(ingest?.quarantine ? [`see ${ingest.quarantine}`] : []),
    ].join(', '),
  'Freeze dataset': ({ dataset }) =>
    `${count(dataset?.rows ?? 0)} mature rows, ${count(dataset?.positives ?? 0)} positive`,
  'Plan trials': ({ plan }) => (plan?.status === 'planned' ? `${plan.trials.length} trials` : (plan?.status ?? '')),
  'Select best': ({ selection }) => selection?.reason ?? '',
  Register: ({ registration }) => (registration ? `version ${registration.version}` : ''),
  Gate: ({ gate }) => (gate ? `${gate.status}: ${gate.reason}` : ''),
  'Start release': ({ release }) => (release ? `${release.status}: ${release.reason}` : ''),
};

function tell(
  { state, type, kind, at, data }: StateEvent,
  before: readonly StateEvent[],
  clock: Clock,
  progress: Progress,
): void {
  // Choices and ends take no time; the trials of a map are told of as one.
  if ((type !== 'Task' && type !== 'Map') || isInsideMap(before, { type, kind })) return;
  if (kind === 'entered') {
    progress.begin(state);
    return;
  }
  const entered = before.findLast(event => event.state === state && event.kind === 'entered');
  const seconds = clock.real(at.getTime() - (entered?.at ?? at).getTime()) / 1_000;
  progress.end(state, seconds, describeResult(state, data as ConcludeInput['state']));
}

/** Whether a map has been entered and not left, but for the event that leaves it. */
function isInsideMap(before: readonly StateEvent[], { type, kind }: Pick<StateEvent, 'type' | 'kind'>): boolean {
  const maps = before.filter(event => event.type === 'Map');
  return maps.at(-1)?.kind === 'entered' && !(type === 'Map' && kind === 'exited');
}

function describeResult(state: string, data: ConcludeInput['state']): string {
  const describe = results[state];
  if (!describe) return '';
  return data.failure ? `failed: ${data.failure.Error}` : describe(data);
}
