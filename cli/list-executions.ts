import type { LifecycleRequest } from '../contracts/tasks.ts';
import type { ExecutionDetail, Workflows } from '../platform/workflows.ts';

/** How many executions of all use cases are looked through. */
const reach = 200;

/** Reads the newest executions of a use case's lifecycle, newest first; with `isRunning`, those that run now. */
export async function listExecutions(
  workflows: Workflows,
  useCase: string,
  { limit, isRunning = false }: { limit: number; isRunning?: boolean },
): Promise<ExecutionDetail[]> {
  const executions: ExecutionDetail[] = [];
  for (const { executionId, status } of await workflows.list('lifecycle', reach)) {
    if (executions.length === limit) break;
    if (isRunning && status !== 'RUNNING') continue;
    const execution = await workflows.describe(executionId);
    if ((execution?.input as LifecycleRequest | undefined)?.useCase === useCase) executions.push(execution!);
  }
  return executions;
}
