import { Command } from 'commander';
import type { ArchiveOutput } from '../contracts/archive-tasks.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { runMachine } from './run-machine.ts';
import { count, minute } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial archive`: brings the log's hours that are over into the lake, without waiting for the schedule. */
export function archiveCommand(): Command {
  return new Command('archive')
    .description(
      'Takes the files of outcomes that wait, and archives the hours of predictions and outcomes that are over.',
    )
    .argument('<useCase>', 'id of the use case')
    .option('--no-wait', 'do not wait for the end')
    .addHelpText('after', examples('archive bank-marketing', 'archive bank-marketing --json'))
    .action(answering(archive));
}

async function archive(deployment: Deployment, { wait }: { wait: boolean }, useCase: string): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  return runMachine<ArchiveOutput>(deployment, { machine: 'archive', input: { useCase }, wait, describe });
}

function describe({ files, predictions, outcomes, landed, through }: ArchiveOutput): string {
  return [
    ...(files.files > 0
      ? [`Logged ${count(files.outcomes)} outcomes of ${files.files} files, ${count(files.rejected)} rejected`]
      : []),
    through === null
      ? 'There is nothing to archive yet'
      : `Archived ${count(predictions)} predictions and ${count(outcomes)} outcomes, all before ${minute(through)}`,
    ...(landed > 0 ? [`${count(landed)} mature predictions wait for ingest`] : []),
  ].join('\n');
}
