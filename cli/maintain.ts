import { Command } from 'commander';
import type { MaintainOutput } from '../contracts/tasks.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { runMachine } from './run-machine.ts';
import { table } from './text.ts';
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
  return runMachine<MaintainOutput>(deployment, { machine: 'maintain', input: { useCase }, wait, describe });
}

function describe({ tables }: MaintainOutput): string {
  return table(
    ['table', 'compactions', 'expirations'],
    tables.map(({ table, optimizeRuns, vacuumRuns }) => [table, optimizeRuns, vacuumRuns]),
  );
}
