import { Command } from 'commander';
import type { Lineage } from '../lifecycle/lineage/lineage.ts';
import { readFileLineage, readPredictionLineage, readVersionLineage } from '../lifecycle/lineage/read-lineage.ts';
import { writeMermaid } from '../lifecycle/lineage/write-mermaid.ts';
import { lookUpPrediction } from '../lifecycle/predictions/look-up-prediction.ts';
import { timeOfPredictionId } from '../lifecycle/predictions/prediction-id.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { table } from './text.ts';
import { requireUseCase } from './use-case.ts';

interface LineageOptions {
  readonly mermaid?: boolean;
}

/** `perennial lineage`: where something comes from, and where it went. */
export function lineageCommand(): Command {
  return new Command('lineage')
    .description(
      'Shows where a version comes from and where it went, from files to predictions; where a prediction comes from; or what came of a file.',
    )
    .argument('<useCase>', 'id of the use case')
    .argument('<of>', 'number of a version, id of a prediction, or name or sha256 of a file that has landed')
    .option('--mermaid', 'as a Mermaid flowchart')
    .addHelpText(
      'after',
      examples(
        'lineage bank-marketing 7',
        'lineage bank-marketing 019a0c6e-7c1e-7d4a-9d0c-5f1b2c3d4e5f',
        'lineage bank-marketing bank-full.csv --mermaid',
      ),
    )
    .action(answering(run));
}

async function run(deployment: Deployment, { mermaid }: LineageOptions, useCase: string, of: string): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  const lineage = await read(deployment, useCase, of);
  return { data: lineage, text: mermaid ? writeMermaid(lineage) : describe(lineage) };
}

async function read(deployment: Deployment, useCase: string, of: string): Promise<Lineage> {
  if (/^\d+$/.test(of)) return readVersionLineage(deployment, useCase, Number(of));
  if (!timeOfPredictionId(of.toLowerCase())) return readFileLineage(deployment, useCase, of);
  const definition = await loadUseCase(useCase, deployment.useCases);
  return readPredictionLineage(deployment, await lookUpPrediction(deployment, definition, of));
}

/** A line for each node, in the order in which one comes from the other. */
function describe({ nodes }: Lineage): string {
  return table(
    ['', 'name', ''],
    nodes.map(({ kind, name, detail }) => [kind, shorten(name), detail]),
  );
}

function shorten(name: string): string {
  return /^[0-9a-f]{64}$/.test(name) ? name.slice(0, 12) : name;
}
