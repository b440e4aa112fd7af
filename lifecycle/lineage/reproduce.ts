import { hash } from 'node:crypto';
import { environmentNames } from '../../contracts/environment.ts';
import { firstDifference } from '../../ml/onnx/first-difference.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { readModelFile } from '../registry/model-files.ts';
import { readVersion, type Version } from '../registry/versions.ts';
import { fitAgain, type Recipe } from './fit-again.ts';
import { runRecordedTrainer } from './recorded-trainer.ts';

/** What a version is made again by, and how that went. */
export interface Reproduction extends Pick<Version, 'useCase' | 'version' | 'modelSha256'> {
  /** sha256 of the recorded program; null when today's was asked for. */
  readonly trainer: string | null;
  readonly reproducedSha256: string;
  /** Where the two files first differ; null when they are equal. */
  readonly difference: string | null;
}

/** Thrown when a version was imported: nobody knows what made it. */
export class NotReproducibleError extends Error {
  override readonly name = 'NotReproducibleError';

  constructor({ useCase, version }: Pick<Version, 'useCase' | 'version'>) {
    super(`Cannot reproduce version ${version} of "${useCase}": its model was imported, and no run made it`);
  }
}

export interface ReproduceOptions {
  readonly version: number;
  /** Trains by the code of this process instead of the recorded one. */
  readonly current: boolean;
  readonly threads: number;
}

/**
 * Trains a version again from its frozen dataset, by the program, parameters and seed on record, and compares the ONNX files byte by byte.
 *
 * @throws {VersionNotFoundError} @throws {NotReproducibleError} @throws {DatasetCorruptError} @throws {RecordedTrainerError}
 */
export async function reproduce(
  { objects, registry }: { readonly objects: Objects; readonly registry: Table },
  useCase: UseCase,
  { version: number, current, threads }: ReproduceOptions,
): Promise<Reproduction> {
  const version = await readVersion(registry, useCase.id, number);
  const { manifestKey, parameters, seed, tags, modelSha256 } = version;
  if (!parameters || !tags.code_version) throw new NotReproducibleError(version);
  const recipe: Recipe = { manifestKey, parameters, seed, threads };
  const trainer = current ? null : tags.code_version;
  const onnx = trainer
    ? await runRecordedTrainer(objects, {
        ...{ sha256: trainer, useCase: useCase.id, recipe },
        environment: environmentOf(objects, useCase.id),
      })
    : await fitAgain(objects, useCase, recipe);
  const reproducedSha256 = hash('sha256', onnx, 'hex');
  const difference =
    reproducedSha256 === modelSha256 ? undefined : firstDifference(await readModelFile(objects, version), onnx);
  return {
    useCase: useCase.id,
    version: number,
    modelSha256,
    trainer,
    reproducedSha256,
    difference: difference ?? null,
  };
}

/** What a trainer's program looks for when it is loaded; of these it uses the bucket alone. */
function environmentOf(objects: Objects, useCase: string): Record<string, string> {
  return {
    [environmentNames.bucket]: objects.bucket,
    [environmentNames.useCases]: useCase,
    [environmentNames.registryTable]: 'none',
    [environmentNames.database]: 'none',
    [environmentNames.workgroup]: 'none',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
  };
}
