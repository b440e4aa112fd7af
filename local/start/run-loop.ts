import type { Deployment } from '../../cli/deployment.ts';
import type { LifecycleOutput } from '../../cli/describe-lifecycle.ts';
import { dropFile } from '../../cli/drop-file.ts';
import { followExecution } from '../../cli/follow-execution.ts';
import type { Progress } from '../../cli/progress.ts';
import type { LifecycleRequest } from '../../contracts/tasks.ts';
import { readLatestEntry } from '../../lifecycle/release/ledger.ts';
import { executionOutput } from './execution-output.ts';

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

/**
 * Brings a use case to where a version of it answers: waits for executions that a restart took up again, then runs the lifecycle if there is something for it to do.
 *
 * @throws {ExecutionFailedError}
 * @throws {NothingReleasedError}
 */
export async function runLoop(deployment: Deployment, options: LoopOptions, progress: Progress): Promise<void> {
  const { workflows, registry } = deployment;
  const running = (await workflows.list('lifecycle', 100)).filter(({ status }) => status === 'RUNNING');
  for (const { executionId } of running) await followExecution(deployment, executionId, progress);

  const isServed = async () => Boolean((await readLatestEntry(registry, options.useCase))?.routing);
  if (options.data === undefined && (await isServed())) return;
  const executionId = await startLifecycle(deployment, options, progress);
  const { reason } = await executionOutput<LifecycleOutput>(deployment, executionId, progress);
  if (!(await isServed())) throw new NothingReleasedError(options.useCase, reason);
}

async function startLifecycle(
  { workflows, objects }: Deployment,
  { useCase, data, demo }: LoopOptions,
  progress: Progress,
): Promise<string> {
  if (data !== undefined) {
    await progress.stage(
      'Upload',
      () => dropFile(objects, useCase, data),
      key => key,
    );
  }
  // Nobody but the caller of this command is served here, so there is no traffic to be careful with.
  const request: LifecycleRequest = { useCase, trigger: 'start', newBatch: demo, strategy: 'all-at-once' };
  return workflows.start('lifecycle', request, `start-${Date.now()}`);
}
