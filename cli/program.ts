import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { approvalsCommand } from './approvals.ts';
import { archiveCommand } from './archive.ts';
import { examples } from './command.ts';
import { datasetsCommand } from './datasets.ts';
import { evaluateCommand } from './evaluate.ts';
import { eventsCommand } from './events.ts';
import { executionsCommand } from './executions.ts';
import { experimentsCommand } from './experiments.ts';
import { keysCommand } from './keys.ts';
import { ledgerCommand } from './ledger.ts';
import { lineageCommand } from './lineage.ts';
import { maintainCommand } from './maintain.ts';
import { monitorCommand } from './monitor.ts';
import { predictCommand } from './predict.ts';
import { profileCommand } from './profile.ts';
import { releaseCommand } from './release.ts';
import { releasesCommand } from './releases.ts';
import { reportsCommand } from './reports.ts';
import { reproduceCommand } from './reproduce.ts';
import { rollbackCommand } from './rollback.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { scoreCommand } from './score.ts';
import { scoreBatchCommand } from './score-batch.ts';
import { simulateCommand } from './simulate.ts';
import { statusCommand } from './status.ts';
import { trainCommand } from './train.ts';
import { versionsCommand } from './versions.ts';

/** Makes the `perennial` command; each call makes a fresh one, as a command remembers its options. */
export function createProgram(): Command {
  const program = new Command('perennial')
    .description(
      'Operates Perennial: in the embedded cloud of this machine, or with --stack on AWS; trains on files without either.',
    )
    .version(packageJson.version)
    .option('--stack <name>', 'stack on AWS, found by the credentials and region of the environment')
    .option('--state <folder>', 'state folder of the embedded cloud', '.perennial')
    .option('--json', 'print JSON on stdout, and everything else on stderr')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .addHelpText('after', examples('status', 'run bank-marketing --new-batch', 'status --stack Perennial --json'));
  const commands = [
    ...[runCommand(), statusCommand(), versionsCommand(), executionsCommand(), eventsCommand()],
    ...[datasetsCommand(), experimentsCommand(), runsCommand(), lineageCommand(), reproduceCommand()],
    ...[releaseCommand(), releasesCommand(), approvalsCommand(), rollbackCommand(), ledgerCommand()],
    ...[predictCommand(), simulateCommand(), scoreBatchCommand(), keysCommand()],
    ...[archiveCommand(), maintainCommand(), profileCommand()],
    ...[monitorCommand(), reportsCommand()],
    ...[trainCommand(), scoreCommand(), evaluateCommand()],
  ];
  for (const command of commands) program.addCommand(inherit(command, program));
  return program;
}

/** Gives a command, and those below it, the settings of the program. */
function inherit(command: Command, program: Command): Command {
  for (const inner of command.commands) inherit(inner, program);
  return command.copyInheritedSettings(program);
}
