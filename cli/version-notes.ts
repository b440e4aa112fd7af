import { Command, InvalidArgumentError } from 'commander';
import { nameVersion, resolveVersion } from '../lifecycle/registry/aliases.ts';
import { changeNotes, type NotesChange, type VersionNotes } from '../lifecycle/registry/version-notes.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { operator } from './operator.ts';
import { readJsonObject, readNames } from './read-option.ts';
import { requireUseCase } from './use-case.ts';

const versionArgument = ['<version>', 'number or name of the version, or "champion"'] as const;
const useCaseArgument = ['<useCase>', 'id of the use case'] as const;

/** `perennial versions tag`. */
export function tagCommand(): Command {
  return new Command('tag')
    .description('Tags a version, or takes tags away.')
    .argument(...useCaseArgument)
    .argument(...versionArgument)
    .argument('[tags...]', 'tags as name or name=value')
    .option('--remove <names>', 'names of tags to take away, with commas between them', readNames)
    .addHelpText(
      'after',
      examples('versions tag bank-marketing 7 team=growth reviewed', 'versions tag bank-marketing 7 --remove reviewed'),
    )
    .action(answering(tag));
}

/** `perennial versions describe`. */
export function describeCommand(): Command {
  return new Command('describe')
    .description('Says in words what a version is; keeps anything else as JSON.')
    .argument(...useCaseArgument)
    .argument(...versionArgument)
    .argument('[text]', 'description; an empty one takes it away')
    .option('--metadata <json>', 'object that replaces what was kept before', readMetadata)
    .addHelpText(
      'after',
      examples(`versions describe bank-marketing 7 'First one with branch offices' --metadata '{"ticket":"M-17"}'`),
    )
    .action(answering(describe));
}

/** `perennial versions alias`. */
export function aliasCommand(): Command {
  return new Command('alias')
    .description('Gives a version a name, by an entry in the ledger; without a version, takes the name away.')
    .argument(...useCaseArgument)
    .argument('<name>', 'lower-case letters, digits and "-"')
    .argument('[version]', 'number of the version')
    .option('--reason <text>', 'why', 'named by a person')
    .addHelpText('after', examples('versions alias bank-marketing stable 7', 'versions alias bank-marketing stable'))
    .action(answering(alias));
}

function readMetadata(text: string): Record<string, unknown> {
  return readJsonObject(text, 'anything worth keeping') as Record<string, unknown>;
}

async function tag(
  deployment: Deployment,
  { remove = [] }: { readonly remove?: readonly string[] },
  useCase: string,
  version: string,
  tags: readonly string[],
): Promise<Answer> {
  const added = tags.map(tag => [tag.split('=', 1)[0]!, tag.slice(tag.split('=', 1)[0]!.length + 1)] as const);
  if (added.length === 0 && remove.length === 0)
    throw new InvalidArgumentError('Nothing to tag: name a tag, or one to --remove');
  const change = { tags: { ...Object.fromEntries(added), ...Object.fromEntries(remove.map(name => [name, null])) } };
  return changeAs(deployment, useCase, version, change);
}

async function describe(
  deployment: Deployment,
  { metadata }: Pick<NotesChange, 'metadata'>,
  useCase: string,
  version: string,
  text?: string,
): Promise<Answer> {
  if (text === undefined && !metadata) throw new InvalidArgumentError('Nothing to say: give a text or --metadata');
  const description = text === undefined ? undefined : text.trim() || null;
  return changeAs(deployment, useCase, version, { description, metadata });
}

async function changeAs(deployment: Deployment, useCase: string, named: string, change: NotesChange): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  const version = await resolveVersion(deployment.registry, useCase, named);
  const notes = await changeNotes(deployment, { useCase, version, change, by: operator() });
  return { data: notes, text: describeNotes(notes) };
}

function describeNotes({ version, description, tags, metadata }: VersionNotes): string {
  const parts = [
    description,
    ...Object.entries(tags).map(([name, value]) => (value === '' ? name : `${name}=${value}`)),
    ...Object.entries(metadata).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
  ];
  return `Version ${version}: ${parts.filter(part => part !== null).join(', ') || 'nothing is said of it'}`;
}

async function alias(
  deployment: Deployment,
  { reason }: { readonly reason: string },
  useCase: string,
  name: string,
  named?: string,
): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  const version = named === undefined ? null : await resolveVersion(deployment.registry, useCase, named);
  const entry = await nameVersion(deployment, { useCase, alias: name, version, by: operator(), reason });
  const text = version === null ? `No version is "${name}" any more` : `Version ${version} is "${name}"`;
  return { data: entry, text: `${text} (ledger ${entry.entry})` };
}
