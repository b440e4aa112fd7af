import { Command, InvalidArgumentError, Option } from 'commander';
import type { CandidatePreset, ConcludeOutput, IngestOutput, TrainingWindow } from '../contracts/tasks.ts';
import { manualRequest } from '../lifecycle/registry/lifecycle-request.ts';
import { presets } from '../lifecycle/training/presets.ts';
import type { ExecutionDetail } from '../platform/workflows.ts';
import type { ReleaseStrategy } from '../use-cases/release-policy.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { followExecution } from './follow-execution.ts';
import { listExecutions } from './list-executions.ts';
import { strategyOption } from './release.ts';
import { minute, readCause } from './text.ts';
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
    .option('--window <window>', 'which mature rows train: all, last:DAYS or incremental', readWindow)
    .option('--new-batch [rows]', 'make synthetic rows first, as many as the use case says or so many', readRows)
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
  const { workflows, useCases } = deployment;
  requireUseCase(useCase, useCases);
  const [running] = await listExecutions(workflows, useCase, { limit: 1, isRunning: true });
  if (running) throw new AlreadyRunningError(useCase, running);
  const { window, newBatch, force, candidates, strategy } = options;
  const request = manualRequest(useCase, { window, newBatch, force, candidates, strategy });
  const executionId = await workflows.start('lifecycle', request, `manual-${Date.now()}`);
  return options.wait
    ? ended(await followExecution(deployment, executionId))
    : { data: { executionId, status: 'RUNNING' }, text: `Started ${executionId}` };
}

function ended({ executionId, status, startedAt, stoppedAt, output, error, cause }: ExecutionDetail): Answer {
  const data = { executionId, status, startedAt, stoppedAt, output, error, cause };
  const text =
    status === 'SUCCEEDED'
      ? describe(output as ConcludeOutput | IngestOutput)
      : `${error ?? status}: ${readCause(cause)}`;
  return { data, text, failed: status !== 'SUCCEEDED' };
}

function describe(output: ConcludeOutput | IngestOutput): string {
  if (!('outcome' in output)) return `Nothing to do: ${output.reason}`;
  const { outcome, version, reason } = output;
  return `${outcome[0]!.toUpperCase()}${outcome.slice(1)}${version === null ? '' : ` (version ${version})`}: ${reason}`;
}

/** @throws {InvalidArgumentError} */
export function readWindow(text: string): TrainingWindow {
  if (text === 'all' || text === 'incremental') return { mode: text };
  const days = Number(/^last:(\d+)$/.exec(text)?.[1] ?? 0);
  if (!(days > 0)) throw new InvalidArgumentError('Expected all, last:DAYS (for instance last:90) or incremental.');
  return { mode: 'last', days };
}

function readRows(text: string): number {
  const rows = Number(text);
  if (!Number.isInteger(rows) || rows < 1) throw new InvalidArgumentError('Expected a number of rows, 1 or more.');
  return rows;
}
