import { Command } from 'commander';
import { listReleases, type Release, readRelease } from '../lifecycle/release/releases.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { describeRelease, describeStep } from './describe-release.ts';
import { readNumber } from './read-option.ts';
import { replayCommand } from './replay.ts';
import { minute, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial releases`: how versions got their traffic. */
export function releasesCommand(): Command {
  const list = new Command('list')
    .description('Lists the releases, newest first.')
    .argument('<useCase>', 'id of the use case')
    .addHelpText('after', examples('releases list bank-marketing'))
    .action(answering(listed));
  const show = new Command('show')
    .description('Shows one release: its steps, and what the judge found of each.')
    .argument('<useCase>', 'id of the use case')
    .argument('<release>', 'number of the release', readNumber)
    .addHelpText('after', examples('releases show bank-marketing 3'))
    .action(answering(shown));
  return new Command('releases')
    .description('Says how versions got their traffic.')
    .addCommand(list)
    .addCommand(show)
    .addCommand(replayCommand());
}

async function listed({ registry, useCases, clock }: Deployment, _: object, useCase: string): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const releases = await listReleases(registry, useCase);
  const text = table(
    ['release', 'version', 'strategy', 'status', 'requested (UTC)', 'ended (UTC)', 'how'],
    releases.map(release => [
      release.release,
      release.version,
      release.strategy,
      release.status,
      minute(release.requestedAt),
      release.endedAt && minute(release.endedAt),
      release.status === 'running' ? describeStep(release, clock.now()) : release.reason,
    ]),
  );
  return { data: releases, text: releases.length > 0 ? text : `"${useCase}" has no release yet` };
}

async function shown(
  { registry, useCases, clock }: Deployment,
  _: object,
  useCase: string,
  number: number,
): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const release = await readRelease(registry, useCase, number);
  return { data: release, text: describe(release, clock.now()) };
}

function describe(release: Release, now: Date): string {
  const { requestedBy, requestedAt, champion, steps, verdicts, approval } = release;
  const answer = approval?.answer;
  return [
    describeRelease(release, now),
    `Requested by ${requestedBy} at ${minute(requestedAt)} UTC; champion then: ${champion === null ? 'none' : `version ${champion}`}`,
    ...(answer ? [`${answer.decision} by ${answer.by} at ${minute(answer.at)} UTC: ${answer.reason}`] : []),
    ...verdicts.flatMap(({ verdict, at, checks }, step) => [
      `Step ${step + 1} of ${steps.length} (${steps[step]}): ${verdict} at ${minute(at)} UTC`,
      ...checks.map(check => `  ${check.name}: ${check.verdict} (${check.detail})`),
    ]),
  ].join('\n');
}
