import { hash } from 'node:crypto';
import { firstDifference } from '../../ml/onnx/first-difference.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { DatasetManifest } from '../datasets/manifest.ts';
import { readModelFile } from '../registry/model-files.ts';
import { findFinishedRun, type Run, RunNotFoundError } from '../registry/runs.ts';
import { readVersion, type Version } from '../registry/versions.ts';
import { readRuntime } from '../training/runtime.ts';
import { readKeptTrainer } from '../training/trainer-code.ts';
import { type Cause, findCauses, readMaking } from './find-causes.ts';
import { fitAgain, type Recipe } from './fit-again.ts';
import { runRecordedTrainer } from './recorded-trainer.ts';

/** What a version is made again by, and how that went. */
export interface Reproduction extends Pick<Version, 'useCase' | 'version' | 'runId' | 'modelSha256'> {
  /** sha256 of the recorded program; null when today's was asked for. */
  readonly trainer: string | null;
  readonly reproducedSha256: string;
  /** Null when the files are equal. */
  readonly difference: {
    /** Where they first differ: the recorded file against the other. */
    readonly place: string;
    /** What was not as it is on record; empty where nothing is known to be. */
    readonly causes: readonly Cause[];
  } | null;
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
  /** Told once the dataset is read. */
  readonly onDataset?: (manifest: DatasetManifest) => void;
  /** Told once there is a model. */
  readonly onModel?: (onnx: Uint8Array) => void;
}

/**
 * Trains a version again from its frozen dataset, by the program, parameters and seed on record, and compares the ONNX files byte by byte.
 *
 * @throws {VersionNotFoundError} @throws {NotReproducibleError} @throws {TrainerNotKeptError} @throws {CorruptTrainerError}
 * @throws {DatasetCorruptError} @throws {RecordedTrainerError}
 */
export async function reproduce(
  { objects, registry }: { readonly objects: Objects; readonly registry: Table },
  useCase: UseCase,
  { version: number, current, threads, onDataset, onModel }: ReproduceOptions,
): Promise<Reproduction> {
  const version = await readVersion(registry, useCase.id, number);
  const { runId, manifestKey, parameters, seed, tags, modelSha256 } = version;
  if (runId === null || !parameters || tags.code_version === null) throw new NotReproducibleError(version);
  const run = await findFinishedRun(registry, useCase.id, runId);
  if (!run?.model) throw new RunNotFoundError(useCase.id, runId);
  const trainer = current ? null : await readKeptTrainer(objects, tags.code_version);
  const manifest = await objects.readJson<DatasetManifest>(manifestKey);
  const recipe: Recipe = {
    manifestKey,
    parameters,
    seed,
    threads,
    files: await readFiles(objects, manifestKey, manifest),
  };
  onDataset?.(manifest);
  const onnx = await (trainer ? runRecordedTrainer(trainer, useCase.id, recipe) : fitAgain(useCase, recipe));
  onModel?.(onnx);
  const reproducedSha256 = hash('sha256', onnx, 'hex');
  const place = firstDifference(await readModelFile(objects, version), onnx);
  const program = trainer?.sha256 ?? "today's sources";
  const used = { parameters, seed, content: manifest.contentHash, program, ...readRuntime() };
  return {
    ...{ useCase: useCase.id, version: number, runId, modelSha256, reproducedSha256 },
    trainer: trainer?.sha256 ?? null,
    difference: place === undefined ? null : { place, causes: findCauses(readMaking(run, run.model), used) },
  };
}

/** Reads all that a dataset consists of; whether it is what the manifest says, the trainer checks. */
async function readFiles(
  objects: Objects,
  manifestKey: Run['manifestKey'],
  { parts }: DatasetManifest,
): Promise<Map<string, Uint8Array>> {
  const keys = [manifestKey, ...parts.map(({ key }) => key)];
  return new Map(await Promise.all(keys.map(async key => [key, await objects.read(key)] as const)));
}
