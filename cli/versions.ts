import { Command } from 'commander';
import { resolveVersion } from '../lifecycle/registry/aliases.ts';
import { describeVersion, describeVersions, type VersionDescription } from '../lifecycle/registry/describe-version.ts';
import type { Signature } from '../lifecycle/registry/model-card.ts';
import type { Evaluation } from '../lifecycle/training/evaluation.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { count, minute, table } from './text.ts';
import { requireUseCase } from './use-case.ts';
import { cardCommand } from './version-card.ts';
import { importCommand } from './version-import.ts';
import { aliasCommand, describeCommand, tagCommand } from './version-notes.ts';

/** `perennial versions`: the registered models. */
export function versionsCommand(): Command {
  const versions = new Command('versions').description('Lists, shows, names and imports registered versions.');
  versions
    .command('list', { isDefault: true })
    .description('Lists the registered versions, newest first, with their metrics on the holdout.')
    .argument('<useCase>', 'id of the use case')
    .addHelpText('after', examples('versions bank-marketing', 'versions list bank-marketing --json'))
    .action(answering(list));
  versions
    .command('show')
    .description('Shows what is on record of a version, and what was decided on it.')
    .argument('<useCase>', 'id of the use case')
    .argument('<version>', 'number or name of the version, or "champion"')
    .addHelpText('after', examples('versions show bank-marketing 7', 'versions show bank-marketing champion --json'))
    .action(answering(show));
  for (const command of [tagCommand(), describeCommand(), aliasCommand(), cardCommand(), importCommand()]) {
    versions.addCommand(command);
  }
  return versions;
}

async function list({ registry, useCases }: Deployment, _: object, useCase: string): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const found = await describeVersions(registry, useCase);
  return { data: found, text: found.length > 0 ? describe(found) : `"${useCase}" has no version yet` };
}

const shownMetrics = ['roc_auc', 'average_precision', 'log_loss'] as const;

function describe(versions: readonly VersionDescription[]): string {
  return table(
    ['version', 'status', 'registered (UTC)', 'rows', ...shownMetrics, 'threshold', 'run', 'names and tags'],
    versions.map(version => [
      version.version,
      version.status,
      minute(version.createdAt),
      version.tags.row_count,
      ...shownMetrics.map(name => figure(version.metrics.holdout, name)),
      version.threshold.toFixed(3),
      version.runId?.slice(0, 12) ?? 'imported',
      [...version.aliases, ...tagWords(version)].join(', ') || null,
    ]),
  );
}

function tagWords({ notes }: VersionDescription): string[] {
  return Object.entries(notes.tags).map(([name, value]) => (value === '' ? name : `${name}=${value}`));
}

function figure({ metrics }: Evaluation, name: keyof NonNullable<Evaluation['metrics']>): string | null {
  const metric = metrics?.[name];
  return metric ? `${metric.value.toFixed(3)} (${metric.low.toFixed(3)}–${metric.high.toFixed(3)})` : null;
}

async function show(
  { registry, objects, useCases }: Deployment,
  _: object,
  useCase: string,
  named: string,
): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const version = await describeVersion({ registry, objects }, useCase, await resolveVersion(registry, useCase, named));
  const { notes, decisions, signature } = version;
  const lines = [
    describe([version]),
    notes.description ?? undefined,
    `model ${version.modelSha256}, ${count(version.modelBytes)} bytes; dataset ${version.tags.dataset_id}`,
    describeSignature(signature),
    ...decisions.map(
      ({ entry, at, by, decision, reason }) => `ledger ${entry}, ${minute(at)}: ${decision} by ${by}: ${reason}`,
    ),
  ];
  return { data: version, text: lines.filter(line => line !== undefined).join('\n') };
}

function describeSignature({ features }: Signature): string {
  const learnt = ({ levels, range }: Signature['features'][number]) =>
    levels?.join(', ') ?? range?.join(' to ') ?? null;
  return table(
    ['feature', 'type', 'learnt from'],
    features.map(feature => [feature.name, feature.type, learnt(feature)]),
  );
}
