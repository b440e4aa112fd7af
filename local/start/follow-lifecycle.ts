import { setTimeout as sleep } from 'node:timers/promises';
import type { ConcludeInput, ConcludeOutput, IngestOutput } from '../../contracts/tasks.ts';
import type { ExecutionDetail, StateEvent, Workflows } from '../../platform/workflows.ts';
import type { Progress } from './progress.ts';

/** Thrown when an execution of the lifecycle ended in another state than SUCCEEDED. */
export class LifecycleFailedError extends Error {
  override readonly name = 'LifecycleFailedError';

  constructor({ executionId, status, error, cause }: ExecutionDetail) {
    super(`Lifecycle ${executionId} ${status}: ${error ?? 'no error named'}: ${readCause(cause)}`);
  }
}

/** What an execution answered with: its conclusion, or why ingest saw nothing to do. */
export type LifecycleAnswer = ConcludeOutput | IngestOutput;

/**
 * Waits for an execution of the lifecycle and reports each stage as it passes.
 *
 * @throws {LifecycleFailedError}
 */
export async function followLifecycle(
  workflows: Workflows,
  executionId: string,
  progress: Progress,
): Promise<LifecycleAnswer> {
  for (let reported = 0; ; ) {
    const execution = await workflows.describe(executionId);
    const states = await workflows.states(executionId);
    report(states, reported, progress);
    reported = states.length;
    if (execution?.status === 'SUCCEEDED') return execution.output as LifecycleAnswer;
    if (execution && execution.status !== 'RUNNING') throw new LifecycleFailedError(execution);
    await sleep(100);
  }
}

/** What each task's end tells, by the name of its state. */
const details: Readonly<Record<string, (state: ConcludeInput['state']) => string>> = {
  Ingest: ({ ingest }) =>
    `${count(ingest?.inserted)} rows in, ${count(ingest?.duplicates)} known, ${count(ingest?.rejected)} rejected`,
  'Freeze dataset': ({ dataset }) => `${count(dataset?.rows)} mature rows, ${count(dataset?.positives)} positive`,
  Train: ({ training }) => training?.status ?? '',
  Register: ({ registration }) => `version ${registration?.version}`,
  Redeploy: ({ release }) => `${release?.status}: ${release?.reason}`,
};

function report(states: readonly StateEvent[], from: number, progress: Progress): void {
  for (const [index, { state, kind, at, data }] of states.entries()) {
    const detail = details[state];
    if (index < from || !detail) continue;
    const entered = states.slice(0, index).findLast(other => other.state === state && other.kind === 'entered');
    if (kind === 'entered') progress.begin(state);
    else
      progress.end(
        state,
        entered ? (at.getTime() - entered.at.getTime()) / 1_000 : 0,
        detail(data as ConcludeInput['state']),
      );
  }
}

function count(rows: number | undefined): string {
  return (rows ?? 0).toLocaleString('en');
}

function readCause(cause: string | null): string {
  try {
    return JSON.parse(cause ?? '').errorMessage ?? cause;
  } catch {
    return cause ?? 'no cause given';
  }
}
