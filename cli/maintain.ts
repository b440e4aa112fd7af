import { Command } from 'commander';
import type { MaintainOutput } from '../contracts/tasks.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { followExecution } from './follow-execution.ts';
import { readCause, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial maintain`: compacts a use case's tables and expires old snapshots. */
export function maintainCommand(): Command {
  return new Command('maintain')
    .description("Compacts a use case's Iceberg tables and expires their old snapshots.")
    .argument('<useCase>', 'id of the use case')
    .option('--no-wait', 'do not wait for the end')
    .addHelpText('after', examples('maintain bank-marketing', 'maintain bank-marketing --no-wait'))
    .action(answering(maintain));
}

async function maintain(deployment: Deployment, { wait }: { wait: boolean }, useCase: string): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  const executionId = await deployment.workflows.start('maintain', { useCase }, `manual-${Date.now()}`);
  if (!wait) return { data: { executionId, status: 'RUNNING' }, text: `Started ${executionId}` };
  const { status, output, error, cause } = await followExecution(deployment, executionId);
  const failed = status !== 'SUCCEEDED';
  const text = failed ? `${error ?? status}: ${readCause(cause)}` : describe(output as MaintainOutput);
  return { data: { executionId, status, output, error, cause }, text, failed };
}

function describe({ tables }: MaintainOutput): string {
  return table(
    ['table', 'compactions', 'expirations'],
    tables.map(({ table, optimizeRuns, vacuumRuns }) => [table, optimizeRuns, vacuumRuns]),
  );
}
