import { Command, InvalidArgumentError, Option } from 'commander';
import type { CandidatePreset, TrainingWindow } from '../contracts/tasks.ts';
import { manualRequest } from '../lifecycle/registry/lifecycle-request.ts';
import { presets } from '../lifecycle/training/presets.ts';
import type { ExecutionDetail } from '../platform/workflows.ts';
import type { ReleaseStrategy } from '../use-cases/release-policy.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { describeLifecycle, type LifecycleOutput } from './describe-lifecycle.ts';
import { dropFile } from './drop-file.ts';
import { listExecutions } from './list-executions.ts';
import { integerReader } from './read-option.ts';
import { strategyOption } from './release.ts';
import { runMachine } from './run-machine.ts';
import { minute } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** Thrown when an execution of the use case runs already. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';

  constructor(useCase: string, { name, startedAt }: ExecutionDetail) {
    super(
      `Execution "${name}" of "${useCase}" has been running since ${minute(startedAt)}: run again when it has ended`,
    );
  }
}

interface RunOptions {
  readonly window?: TrainingWindow;
  readonly data?: string;
  readonly newBatch?: number | true;
  readonly force?: boolean;
  readonly candidates?: CandidatePreset;
  readonly strategy?: ReleaseStrategy;
  readonly wait: boolean;
}

/** `perennial run`: starts the lifecycle of a use case. */
export function runCommand(): Command {
  return new Command('run')
    .description(
      'Runs the lifecycle once: ingest what landed, retrain, and start the release of the model if it is no worse.',
    )
    .argument('<useCase>', 'id of the use case')
    .option('--data <file>', 'drop this file first: CSV, NDJSON or Parquet')
    .option('--window <window>', 'which mature rows train: all, last:DAYS or incremental', readWindow)
    .addOption(
      new Option('--new-batch [rows]', 'make synthetic rows first, as many as the use case says or so many')
        .argParser(integerReader(1, 10_000_000))
        .conflicts('data'),
    )
    .option('--force', 'train even when there is no new evidence')
    .addOption(
      new Option('--candidates <preset>', 'train, and try these instead of the candidates of the use case').choices(
        Object.keys(presets),
      ),
    )
    .addOption(strategyOption())
    .option('--no-wait', 'do not wait for the end')
    .addHelpText(
      'after',
      examples(
        'run bank-marketing',
        'run bank-marketing --data clients.csv',
        'run bank-marketing --new-batch 5000',
        'run bank-marketing --strategy all-at-once',
        'run bank-marketing --window last:90 --force',
        'run bank-marketing --candidates r3',
        'run bank-marketing --no-wait --json',
      ),
    )
    .action(answering(run));
}

async function run(deployment: Deployment, options: RunOptions, useCase: string): Promise<Answer> {
  const { workflows, objects, useCases } = deployment;
  requireUseCase(useCase, useCases);
  const [running] = await listExecutions(workflows, useCase, { limit: 1, isRunning: true });
  if (running) throw new AlreadyRunningError(useCase, running);
  const { data, window, newBatch, force, candidates, strategy } = options;
  if (data !== undefined) await dropFile(objects, useCase, data);
  const input = manualRequest(useCase, { window, newBatch, force, candidates, strategy });
  return runMachine<LifecycleOutput>(deployment, { machine: 'lifecycle', input, wait: options.wait, describe });
}

function describe(output: LifecycleOutput): string {
  const text = describeLifecycle(output);
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

function readWindow(text: string): TrainingWindow {
  if (text === 'all' || text === 'incremental') return { mode: text };
  const days = Number(/^last:(\d+)$/.exec(text)?.[1] ?? 0);
  if (!(days > 0)) throw new InvalidArgumentError('Expected all, last:DAYS (for instance last:90) or incremental.');
  return { mode: 'last', days };
}
