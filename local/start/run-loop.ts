import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Deployment } from '../../cli/deployment.ts';
import { followExecution } from '../../cli/follow-execution.ts';
import type { Progress } from '../../cli/progress.ts';
import { readCause } from '../../cli/text.ts';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { ConcludeOutput, IngestOutput, LifecycleRequest } from '../../contracts/tasks.ts';
import { readLatestEntry } from '../../lifecycle/release/ledger.ts';
import type { ExecutionDetail } from '../../platform/workflows.ts';

export interface LoopOptions {
  readonly useCase: string;
  /** File to drop into the landing prefix first. */
  readonly data: string | undefined;
  /** Whether a use case without observations gets synthetic ones. */
  readonly demo: boolean;
}

/** Thrown when the loop ended and no version answers. */
export class NothingReleasedError extends Error {
  override readonly name = 'NothingReleasedError';

  constructor(useCase: string, reason: string) {
    super(`No version of "${useCase}" answers: ${reason}`);
  }
}

/** Thrown when an execution of the lifecycle ended in another state than SUCCEEDED. */
export class LifecycleFailedError extends Error {
  override readonly name = 'LifecycleFailedError';

  constructor({ name, status, error, cause }: ExecutionDetail) {
    super(`Lifecycle execution ${name} ${status}: ${error ?? 'no error named'}: ${readCause(cause)}`);
  }
}

/**
 * Brings a use case to where a version of it answers: waits for executions that a restart took up again, then runs the lifecycle if there is something for it to do.
 *
 * @throws {LifecycleFailedError}
 * @throws {NothingReleasedError}
 */
export async function runLoop(deployment: Deployment, options: LoopOptions, progress: Progress): Promise<void> {
  const { workflows, registry } = deployment;
  const running = (await workflows.list('lifecycle', 100)).filter(({ status }) => status === 'RUNNING');
  for (const { executionId } of running) await follow(deployment, executionId, progress);

  const isServed = async () => Boolean((await readLatestEntry(registry, options.useCase))?.routing);
  if (options.data === undefined && (await isServed())) return;
  const { reason } = await follow(deployment, await startLifecycle(deployment, options, progress), progress);
  if (!(await isServed())) throw new NothingReleasedError(options.useCase, reason);
}

async function follow(deployment: Deployment, executionId: string, progress: Progress) {
  const execution = await followExecution(deployment, executionId, progress);
  if (execution.status !== 'SUCCEEDED') throw new LifecycleFailedError(execution);
  return execution.output as ConcludeOutput | IngestOutput;
}

async function startLifecycle(
  { workflows, objects }: Deployment,
  { useCase, data, demo }: LoopOptions,
  progress: Progress,
): Promise<string> {
  if (data !== undefined) {
    const key = `${bucketPrefixes.landing}${useCase}/${basename(data)}`;
    await progress.stage(
      'Upload',
      async () => objects.write(key, await readFile(data)),
      () => key,
    );
  }
  // Nobody but the caller of this command is served here, so there is no traffic to be careful with.
  const request: LifecycleRequest = { useCase, trigger: 'start', newBatch: demo, strategy: 'all-at-once' };
  return workflows.start('lifecycle', request, `start-${Date.now()}`);
}
