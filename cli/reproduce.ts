import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { type Reproduction, reproduce } from '../lifecycle/lineage/reproduce.ts';
import { resolveVersion } from '../lifecycle/registry/aliases.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { Progress } from './progress.ts';
import { integerReader } from './read-option.ts';
import { count, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

interface ReproduceOptions {
  readonly current?: boolean;
  readonly threads: number;
}

/** `perennial reproduce`: proof that a version is what its record says. */
export function reproduceCommand(): Command {
  return new Command('reproduce')
    .description(
      'Trains a version again, here, from its frozen dataset by the recorded program, parameters and seed, and compares the files byte by byte. Changes nothing.',
    )
    .argument('<useCase>', 'id of the use case')
    .argument('<version>', 'number or name of the version, or "champion"')
    .option('--current', "train by today's sources instead of the recorded program")
    .option(
      '--threads <count>',
      'cores to use; the model is the same for any number',
      integerReader(1, 64),
      Math.min(availableParallelism(), 64),
    )
    .addHelpText('after', examples('reproduce bank-marketing 7', 'reproduce bank-marketing 7 --current'))
    .action(answering(run));
}

async function run(
  { objects, registry, useCases }: Deployment,
  { current = false, threads }: ReproduceOptions,
  id: string,
  named: string,
): Promise<Answer> {
  requireUseCase(id, useCases);
  const version = await resolveVersion(registry, id, named);
  const useCase = await loadUseCase(id, useCases);
  const progress = new Progress();
  const made = await reproduce({ objects, registry }, useCase, {
    ...{ version, current, threads },
    onDataset: ({ rows, parts }) => progress.next('Read', `${count(rows)} rows in ${parts.length} files`),
    onModel: onnx => progress.next('Train', `${count(onnx.length)} bytes`),
  });
  return { data: made, text: describe(made), failed: made.difference !== null };
}

function describe({ useCase, version, modelSha256, trainer, reproducedSha256, difference }: Reproduction): string {
  const by = trainer ? `the recorded program ${trainer.slice(0, 12)}` : "today's sources";
  return [
    `Version ${version} of ${useCase}`,
    `recorded    ${modelSha256}`,
    `reproduced  ${reproducedSha256}  by ${by}`,
    difference === null ? 'Equal, byte by byte.' : explain(difference),
  ].join('\n');
}

function explain({ place, causes }: NonNullable<Reproduction['difference']>): string {
  const rows = causes.map(({ what, recorded, used }) => [what, recorded, used]);
  const known = causes.length > 0 ? table(['', 'recorded', 'used'], rows) : 'All that is on record was the same.';
  return `They differ, first in ${place}.\n${known}`;
}
