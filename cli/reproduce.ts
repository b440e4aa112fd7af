import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { type Reproduction, reproduce } from '../lifecycle/lineage/reproduce.ts';
import { parseVersionNumber } from '../lifecycle/registry/versions.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { integerReader } from './read-option.ts';
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
    .argument('<version>', 'number of the version')
    .option('--current', "train by today's program instead of the recorded one")
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
  number: string,
): Promise<Answer> {
  requireUseCase(id, useCases);
  const version = parseVersionNumber(id, number);
  const useCase = await loadUseCase(id, useCases);
  const made = await reproduce({ objects, registry }, useCase, { version, current, threads });
  return { data: made, text: describe(made), failed: made.difference !== null };
}

function describe({ useCase, version, modelSha256, trainer, reproducedSha256, difference }: Reproduction): string {
  const by = trainer ? `the recorded program ${trainer.slice(0, 12)}` : "today's program";
  return [
    `Version ${version} of ${useCase}`,
    `recorded    ${modelSha256}`,
    `reproduced  ${reproducedSha256}  by ${by}`,
    difference === null ? 'Equal, byte by byte.' : `They differ, first in ${difference}.`,
  ].join('\n');
}
