import { Command } from 'commander';
import { answerApproval, listApprovals } from '../lifecycle/release/approvals.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { describeRelease } from './describe-release.ts';
import { operator } from './operator.ts';
import { readNumber } from './read-option.ts';
import { minute, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial approvals`: the releases that wait for a person. */
export function approvalsCommand(): Command {
  const list = new Command('list')
    .description('Lists the releases that wait for a person.')
    .argument('[useCase]', 'id of the use case (default: all)')
    .addHelpText('after', examples('approvals list', 'approvals list bank-marketing'))
    .action(answering(listed));
  return new Command('approvals')
    .description('Says which releases wait for a person, and takes the decision.')
    .addCommand(list)
    .addCommand(decision('approve', 'approved', 'Lets a release begin.'))
    .addCommand(decision('reject', 'rejected', 'Ends a release before it begins.'));
}

function decision(name: string, decided: 'approved' | 'rejected', description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<useCase>', 'id of the use case')
    .argument('<release>', 'number of the release', readNumber)
    .requiredOption('--reason <text>', 'why, for the ledger')
    .addHelpText('after', examples(`approvals ${name} bank-marketing 3 --reason "as agreed"`))
    .action(
      answering(
        async (
          deployment,
          { reason }: { readonly reason: string },
          useCase: string,
          release: number,
        ): Promise<Answer> => {
          requireUseCase(useCase, deployment.useCases);
          const answer = { useCase, release, decision: decided, by: operator(), reason };
          const answered = await answerApproval(deployment, answer);
          return { data: answered, text: describeRelease(answered, deployment.clock.now()) };
        },
      ),
    );
}

async function listed(deployment: Deployment, _: object, useCase?: string): Promise<Answer> {
  const { useCases } = deployment;
  if (useCase !== undefined) requireUseCase(useCase, useCases);
  const asked = useCase === undefined ? useCases : [useCase];
  const waiting = (await Promise.all(asked.map(id => listApprovals(deployment, id)))).flat();
  const text = table(
    ['use case', 'release', 'version', 'wanted (UTC)', 'until (UTC)'],
    waiting.map(({ useCase, release, version, approval }) => [
      ...[useCase, release, version],
      ...[minute(approval!.wantedAt), minute(approval!.deadline)],
    ]),
  );
  return { data: waiting, text: waiting.length > 0 ? text : 'No release waits for approval' };
}
