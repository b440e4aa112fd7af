import { Command } from 'commander';
import { requireModelSize } from '../lifecycle/registry/foreign-model.ts';
import { importModel } from '../lifecycle/registry/import-model.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { readJsonFile, readWhole, sizeOf } from './local-files.ts';
import { operator } from './operator.ts';
import { requireUseCase } from './use-case.ts';

interface ImportOptions {
  readonly file: string;
  readonly signature: string;
}

/** `perennial versions import`. */
export function importCommand(): Command {
  return new Command('import')
    .description(
      'Makes a model that was trained elsewhere a version: checked, tried, measured. The gate judges it as any other.',
    )
    .argument('<useCase>', 'id of the use case')
    .requiredOption('--file <onnx>', 'the model, of 50 MB at most')
    .requiredOption('--signature <json>', 'file that says which features it reads, and what it answers to some rows')
    .addHelpText('after', examples('versions import bank-marketing --file model.onnx --signature signature.json'))
    .action(answering(bring));
}

async function bring(deployment: Deployment, { file, signature }: ImportOptions, useCase: string): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  requireModelSize(await sizeOf(file));
  const { version, isNew } = await importModel(deployment, await loadUseCase(useCase, deployment.useCases), {
    onnx: await readWhole(file),
    signature: await readJsonFile(signature, 'the features of the model'),
    by: operator(),
  });
  const next = `release it with "perennial release ${useCase} ${version}"`;
  return {
    data: { useCase, version, isNew },
    text: isNew ? `Registered as version ${version}; ${next}` : `It is version ${version} already`,
  };
}
