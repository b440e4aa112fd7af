import { Command, InvalidArgumentError } from 'commander';
import { listRuns, type Run, type TrackedRun } from '../lifecycle/registry/runs.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { describeParameters } from './describe-parameters.ts';
import { type Filter, matches, parseFilter } from './filter.ts';
import { identify } from './identify.ts';
import { integerReader } from './read-option.ts';
import { compareBy, type RunFields, readRunFields, requireFields } from './run-fields.ts';
import { minute, sparkline, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

interface ListOptions {
  readonly filter?: Filter;
  readonly sort: string;
  readonly limit: number;
}

/** `perennial runs`: the trials that were ever made. */
export function runsCommand(): Command {
  const runs = new Command('runs').description('Lists, shows and compares the tracked trials of all experiments.');
  runs
    .command('list')
    .description('Lists runs; by default those of the newest experiment first. Figures are means over the folds.')
    .argument('<useCase>', 'id of the use case')
    .option(
      '--filter <expression>',
      'metrics.<name>, sd.<name>, params.<name>, tags.<name>, status … compared and joined',
      readFilter,
    )
    .option('--sort <field>', 'field to sort by, from the highest with "-" before it', '-started_at')
    .option('--limit <number>', 'runs shown at most', integerReader(1, 10_000), 50)
    .addHelpText(
      'after',
      examples(
        'runs list bank-marketing --sort=-metrics.roc_auc',
        `runs list bank-marketing --filter 'metrics.roc_auc > 0.8 and params.algorithm = "gradient-boosting"'`,
      ),
    )
    .action(answering(list));
  runs
    .command('show')
    .description('Shows all that is on record of a run.')
    .argument('<useCase>', 'id of the use case')
    .argument('<run>', 'id of the run, or its beginning')
    .addHelpText('after', examples('runs show bank-marketing 3f9ab2'))
    .action(answering(show));
  runs
    .command('compare')
    .description('Puts runs side by side: the parameters in which they differ, and the figures of all.')
    .argument('<useCase>', 'id of the use case')
    .argument('<runs...>', 'ids of runs, or their beginnings')
    .addHelpText('after', examples('runs compare bank-marketing 3f9ab2 81c04e'))
    .action(answering(compare));
  return runs;
}

function readFilter(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

async function list(
  { registry, useCases }: Deployment,
  { filter, sort, limit }: ListOptions,
  useCase: string,
): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const all = (await listRuns(registry, useCase)).map(run => ({ run, fields: readRunFields(run) }));
  const descending = sort.startsWith('-');
  const field = descending ? sort.slice(1) : sort;
  requireFields(
    all.map(({ fields }) => fields),
    filter,
    field,
  );
  const order = compareBy(field, descending);
  const found = all
    .filter(({ fields }) => !filter || matches(filter, fields))
    .sort((left, right) => order(left.fields, right.fields));
  const shown = found.slice(0, limit);
  const rest = found.length > shown.length ? `\n… and ${found.length - shown.length} more, see --limit` : '';
  const nothing = all.length > 0 ? 'No run satisfies the filter' : `"${useCase}" has no run yet`;
  return {
    data: shown.map(({ run }) => run),
    text: shown.length > 0 ? describeList(shown.map(({ run }) => run)) + rest : nothing,
  };
}

const shownMetrics = ['roc_auc', 'average_precision', 'log_loss'] as const;

function describeList(runs: readonly TrackedRun[]): string {
  const parameters = describeParameters(runs.map(({ parameters }) => parameters));
  return table(
    ['run', 'experiment', 'started (UTC)', 'algorithm', 'parameters', ...shownMetrics, 'seconds', 'status'],
    runs.map((run, index) => [
      run.runId.slice(0, 12),
      run.experimentId.slice(0, 12),
      minute(run.startedAt),
      run.parameters.algorithm,
      parameters[index]!,
      ...shownMetrics.map(name => (run.status === 'finished' ? figure(run, name) : null)),
      run.seconds.toFixed(1),
      run.status === 'failed' ? `failed: ${run.error.name}` : run.model ? 'selected' : run.status,
    ]),
  );
}

function figure({ foldMetrics }: Run, name: keyof Run['foldMetrics']): string {
  const { mean, sd } = foldMetrics[name];
  return `${mean.toFixed(4)} ± ${sd.toFixed(4)}`;
}

async function show({ registry, useCases }: Deployment, _: object, useCase: string, id: string): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const run = identifyRun(await listRuns(registry, useCase), id);
  const curve = run.status === 'finished' && run.curve.length > 0 ? `\n\n${describeCurve(run.curve)}` : '';
  return { data: run, text: describeFields(readRunFields(run)) + curve };
}

function describeFields(fields: RunFields): string {
  const width = Math.max(...Object.keys(fields).map(name => name.length));
  return Object.entries(fields)
    .map(([name, value]) => `${name.padEnd(width)}  ${value ?? '–'}`)
    .join('\n');
}

const curveNames = {
  training: 'loss of fitted rows',
  validation: 'loss of rows kept aside',
  outOfBag: 'out-of-bag Brier score',
} as const;

/** Each series of a curve as a picture, with where it began and came to. */
function describeCurve(curve: Run['curve']): string {
  const last = curve.at(-1)!.iteration;
  const rows = (['training', 'validation', 'outOfBag'] as const).flatMap(name => {
    const values = curve.flatMap(point => point[name] ?? []);
    if (values.length === 0) return [];
    return [[curveNames[name], values[0]!.toFixed(4), sparkline(values), values.at(-1)!.toFixed(4)]];
  });
  return table([`curve to iteration ${last}`, 'from', '', 'to'], rows);
}

async function compare(
  { registry, useCases }: Deployment,
  _: object,
  useCase: string,
  ids: readonly string[],
): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const all = await listRuns(registry, useCase);
  const runs = ids.map(id => identifyRun(all, id));
  const fields = runs.map(readRunFields);
  const names = [...new Set(fields.flatMap(run => Object.keys(run)))].filter(name => isCompared(name, fields));
  const rows = names.map(name => [name, ...fields.map(run => describeValue(run, name))]);
  return { data: runs, text: table(['', ...runs.map(({ runId }) => runId.slice(0, 12))], rows) };
}

/** Metrics are always of interest, parameters and tags where they differ. */
function isCompared(name: string, runs: readonly RunFields[]): boolean {
  if (name.startsWith('metrics.') || ['status', 'seconds', 'peak_memory_mb', 'threshold'].includes(name)) return true;
  if (!name.startsWith('params.') && !name.startsWith('tags.')) return false;
  return new Set(runs.map(run => run[name])).size > 1;
}

function describeValue(run: RunFields, name: string): string | null {
  const value = run[name] ?? null;
  if (!name.startsWith('metrics.') || typeof value !== 'number') return value === null ? null : String(value);
  return `${value.toFixed(4)} ± ${Number(run[name.replace('metrics.', 'sd.')]).toFixed(4)}`;
}

function identifyRun(runs: readonly TrackedRun[], id: string): TrackedRun {
  return identify('run', runs, ({ runId }) => runId, id);
}
