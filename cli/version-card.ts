import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { resolveVersion } from '../lifecycle/registry/aliases.ts';
import { makeCard } from '../lifecycle/registry/make-card.ts';
import { renderCard } from '../lifecycle/registry/render-card.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { requireWritable } from './local-files.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial versions card`. */
export function cardCommand(): Command {
  return new Command('card')
    .description('Makes the model card of a version: data, quality, groups, decisions, limits and lineage.')
    .argument('<useCase>', 'id of the use case')
    .argument('<version>', 'number or name of the version, or "champion"')
    .option('--out <file>', 'write it there rather than to the terminal')
    .addHelpText(
      'after',
      examples('versions card bank-marketing champion --out card.md', 'versions card bank-marketing 7 --json'),
    )
    .action(answering(card));
}

async function card(
  { registry, objects, useCases }: Deployment,
  { out, json }: { readonly out?: string; readonly json?: boolean },
  useCase: string,
  named: string,
): Promise<Answer> {
  requireUseCase(useCase, useCases);
  if (out !== undefined) await requireWritable(out);
  const version = await resolveVersion(registry, useCase, named);
  const data = await makeCard({ registry, objects }, await loadUseCase(useCase, useCases), version);
  const text = renderCard(data);
  if (out === undefined) return { data, text };
  await writeFile(out, json ? `${JSON.stringify(data, null, 2)}\n` : text);
  return { data: { version, out }, text: `The card of version ${version} is in ${out}` };
}
