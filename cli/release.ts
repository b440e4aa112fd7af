import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { startRelease } from '../lifecycle/release/request-release.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';
import { type ReleaseStrategy, releaseStrategies } from '../use-cases/release-policy.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { describeRelease } from './describe-release.ts';
import { operator } from './operator.ts';
import { readNumber } from './read-option.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial release`: starts the release of a version. */
export function releaseCommand(): Command {
  return new Command('release')
    .description('Starts the release of a version: gate, approval and steps as the use case says.')
    .argument('<useCase>', 'id of the use case')
    .argument('<version>', 'number of the version', readNumber)
    .addOption(strategyOption())
    .addHelpText('after', examples('release bank-marketing 7', 'release bank-marketing 7 --strategy all-at-once'))
    .action(answering(release));
}

/** The option that overrides the strategy of the use case. */
export function strategyOption(): Option {
  return new Option('--strategy <strategy>', 'how traffic moves (default: as the use case says)').choices(
    releaseStrategies,
  );
}

async function release(
  deployment: Deployment,
  { strategy }: { readonly strategy?: ReleaseStrategy },
  useCase: string,
  version: number,
): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  const definition = await loadUseCase(useCase, deployment.useCases);
  const request = { version, strategy, by: operator(), requestId: randomUUID() };
  const started = await startRelease(deployment, definition, request);
  return { data: started, text: describeRelease(started, deployment.clock.now()) };
}
