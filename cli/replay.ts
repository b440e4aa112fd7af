import { Command, Option } from 'commander';
import { type Replay, replayAssignments } from '../lifecycle/release/replay.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { readDuration } from './read-option.ts';
import { table } from './text.ts';
import { requireUseCase } from './use-case.ts';

const daysLogged = 30;

/** `perennial releases replay`: whether the ledger explains who answered whom. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'Recomputes from the ledger which variant every logged prediction was routed to; exit code 1: some differ.',
    )
    .argument('<useCase>', 'id of the use case')
    .addOption(
      new Option('--since <duration>', `how far to go back; the log holds ${daysLogged} days`)
        .argParser(readDuration)
        .default(readDuration('1d'), '1d'),
    )
    .addHelpText(
      'after',
      examples('releases replay bank-marketing', 'releases replay bank-marketing --since 30d --json'),
    )
    .action(answering(replay));
}

async function replay(
  { registry, predictions, clock, useCases }: Deployment,
  { since }: { since: number },
  useCase: string,
): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const to = clock.now();
  const range = { from: new Date(to.getTime() - since), to };
  const found = await replayAssignments({ registry, predictions }, useCase, range);
  return { data: found, text: describe(found), failed: found.differences > 0 };
}

function describe({ predictions, pinned, differences, examples }: Replay): string {
  const rows = examples.map(({ predictionId, entry, logged, expected }) => [
    predictionId,
    entry,
    `${logged.name} v${logged.version}`,
    expected ? `${expected.name} v${expected.version}` : 'nothing',
  ]);
  const text = `${predictions} assignments recomputed, ${differences} differ; ${pinned} predictions of versions that callers picked were left out`;
  return differences === 0 ? text : `${text}\n${table(['prediction', 'entry', 'logged', 'expected'], rows)}`;
}
