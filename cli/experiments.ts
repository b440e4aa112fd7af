import { Command } from 'commander';
import { type Experiment, listExperiments } from '../lifecycle/registry/experiments.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { describeParameters } from './describe-parameters.ts';
import { identify } from './identify.ts';
import { count, minute, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial experiments`: which candidates each retrain tried, and which one it selected. */
export function experimentsCommand(): Command {
  const experiments = new Command('experiments').description(
    'Lists and shows the experiments: all trials of one retrain.',
  );
  experiments
    .command('list')
    .description('Lists the experiments, newest first, with what each selected.')
    .argument('<useCase>', 'id of the use case')
    .addHelpText('after', examples('experiments list bank-marketing'))
    .action(answering(list));
  experiments
    .command('show')
    .description('Shows the trials of an experiment from the best to the worst, and why one was selected.')
    .argument('<useCase>', 'id of the use case')
    .argument('<experiment>', 'id of the experiment, or its beginning')
    .addHelpText('after', examples('experiments show bank-marketing 5d21e0'))
    .action(answering(show));
  return experiments;
}

async function list({ registry, useCases }: Deployment, _: object, useCase: string): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const experiments = await listExperiments(registry, useCase);
  const text = table(
    ['experiment', 'planned (UTC)', 'rows', 'trials', 'failed', 'selected', 'why'],
    experiments.map(({ experimentId, createdAt, tags, trials, selection }) => [
      experimentId.slice(0, 12),
      minute(createdAt),
      count(tags.row_count),
      trials.length,
      selection ? selection.verdicts.filter(({ status }) => status === 'failed').length : null,
      selection?.runId?.slice(0, 12) ?? null,
      selection?.reason ?? 'not selected yet',
    ]),
  );
  return { data: experiments, text: experiments.length > 0 ? text : `"${useCase}" has no experiment yet` };
}

async function show({ registry, useCases }: Deployment, _: object, useCase: string, id: string): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const all = await listExperiments(registry, useCase);
  const experiment = identify('experiment', all, ({ experimentId }) => experimentId, id);
  return { data: experiment, text: describe(experiment) };
}

function describe(experiment: Experiment): string {
  const { experimentId, metric, folds, seed, tags, createdAt, selection } = experiment;
  const lines = [
    ['Experiment', experimentId],
    ['Planned', minute(createdAt)],
    ['Dataset', `${tags.dataset_id}, ${count(tags.row_count)} rows, snapshot ${tags.iceberg_snapshot_id}`],
    ['Judged by', `${metric} over ${folds} folds, seed ${seed}`],
    ['Selected', selection?.reason ?? 'nothing yet'],
  ];
  const head = lines.map(([label, value]) => `${label!.padEnd(11)} ${value}`).join('\n');
  return `${head}\n\n${describeTrials(experiment)}`;
}

function describeTrials({ trials, metric, selection }: Experiment): string {
  const parameters = describeParameters(trials.map(({ parameters }) => parameters));
  const verdicts = new Map(selection?.verdicts.map(verdict => [verdict.runId, verdict]));
  const rows = trials
    .map((trial, index) => ({ ...trial, words: parameters[index]!, verdict: verdicts.get(trial.runId) }))
    // Of those that were compared, a smaller shortfall is better; the others come last.
    .sort((a, b) => (a.verdict?.shortfall ?? Number.MAX_VALUE) - (b.verdict?.shortfall ?? Number.MAX_VALUE));
  return table(
    ['', 'run', 'algorithm', 'parameters', metric, 'below the best', 'status'],
    rows.map(({ runId, parameters: { algorithm }, words, verdict }) => [
      runId === selection?.runId ? '→' : '',
      runId.slice(0, 12),
      algorithm,
      words,
      verdict?.mean?.toFixed(4) ?? null,
      verdict?.shortfall === null || !verdict
        ? null
        : `${verdict.shortfall.toFixed(4)} ± ${verdict.standardError!.toFixed(4)}`,
      verdict?.status === 'finished' && !verdict.beatsBaseRate
        ? 'no better than the base rate'
        : (verdict?.status ?? null),
    ]),
  );
}
