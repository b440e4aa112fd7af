import { Command } from 'commander';
import { rollBack } from '../lifecycle/release/roll-back.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { operator } from './operator.ts';
import { readNumber } from './read-option.ts';
import { requireUseCase } from './use-case.ts';

interface RollbackOptions {
  readonly from?: number;
  readonly to?: number;
  readonly reason: string;
}

/** `perennial rollback`: lets an earlier version answer. */
export function rollbackCommand(): Command {
  return new Command('rollback')
    .description('Takes a running release back, or lets the champion before answer everybody; visible within seconds.')
    .argument('<useCase>', 'id of the use case')
    .option('--from <version>', 'the version to take back: if another one would leave, nothing is done', readNumber)
    .option('--to <version>', 'any version that was champion or passed the gate', readNumber)
    .requiredOption('--reason <text>', 'why, for the ledger')
    .addHelpText(
      'after',
      examples(
        'rollback bank-marketing --reason "too many calls"',
        'rollback bank-marketing --to 3 --reason "as last month"',
      ),
    )
    .action(answering(rollback));
}

async function rollback(
  deployment: Deployment,
  { from, to, reason }: RollbackOptions,
  useCase: string,
): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  const entry = await rollBack(deployment, { useCase, from, to, by: operator(), reason });
  const champion = entry.routing?.variants[0]?.version;
  const text = `Version ${entry.version} was taken back (ledger entry ${entry.entry}); ${champion === undefined ? 'no version' : `version ${champion}`} answers`;
  return { data: entry, text };
}
