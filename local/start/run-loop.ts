import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { LifecycleRequest } from '../../contracts/tasks.ts';
import { readLatestEntry } from '../../lifecycle/release/ledger.ts';
import type { DeploymentClients } from './deployment-clients.ts';
import { followLifecycle } from './follow-lifecycle.ts';
import type { Progress } from './progress.ts';

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
 * Brings a use case to where a version of it answers: waits for an execution that a restart took up again, else runs the lifecycle if there is something for it to do.
 *
 * @throws {NothingReleasedError}
 */
export async function runLoop(clients: DeploymentClients, options: LoopOptions, progress: Progress): Promise<void> {
  const { workflows, registry } = clients;
  const running = (await workflows.list('lifecycle', 100)).filter(({ status }) => status === 'RUNNING');
  for (const { executionId } of running) await followLifecycle(workflows, executionId, progress);

  const isServed = async () => Boolean((await readLatestEntry(registry, options.useCase))?.routing);
  if (options.data === undefined && (await isServed())) return;
  const answer = await followLifecycle(workflows, await startLifecycle(clients, options, progress), progress);
  if (!(await isServed())) throw new NothingReleasedError(options.useCase, answer.reason);
}

async function startLifecycle(
  { workflows, objects }: DeploymentClients,
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
  const request: LifecycleRequest = { useCase, trigger: 'start', newBatch: demo };
  return workflows.start('lifecycle', request, `start-${Date.now()}`);
}
