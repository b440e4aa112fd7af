import { Command } from 'commander';
import type { LifecycleRequest } from '../contracts/tasks.ts';
import type { ExecutionDetail } from '../platform/workflows.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { describeLifecycle, type LifecycleOutput } from './describe-lifecycle.ts';
import { listExecutions } from './list-executions.ts';
import { integerReader } from './read-option.ts';
import { minute, readCause, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial executions`: what the lifecycle did. */
export function executionsCommand(): Command {
  return new Command('executions')
    .description('Lists the executions of the lifecycle, newest first: what each came to, or why it failed.')
    .argument('<useCase>', 'id of the use case')
    .option('--limit <count>', 'how many', integerReader(1, 200), 10)
    .addHelpText('after', examples('executions bank-marketing', 'executions bank-marketing --limit 3 --json'))
    .action(answering(executions));
}

async function executions(
  { workflows, useCases }: Deployment,
  { limit }: { limit: number },
  useCase: string,
): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const found = await listExecutions(workflows, useCase, { limit });
  const text = table(
    ['execution', 'trigger', 'started (UTC)', 'seconds', 'status', 'what came of it'],
    found.map(execution => [
      execution.name,
      (execution.input as LifecycleRequest).trigger,
      minute(execution.startedAt),
      execution.stoppedAt && Math.round((execution.stoppedAt.getTime() - execution.startedAt.getTime()) / 1_000),
      execution.status,
      describe(execution),
    ]),
  );
  return { data: found, text: found.length > 0 ? text : `The lifecycle of "${useCase}" never ran` };
}

function describe({ status, output, error, cause }: ExecutionDetail): string {
  if (status === 'RUNNING') return '';
  if (status !== 'SUCCEEDED') return `${error ?? ''}: ${readCause(cause)}`;
  return describeLifecycle(output as LifecycleOutput);
}
