import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Recipe } from './fit-again.ts';

/** Thrown when a stored trainer is not what its name says. */
export class CorruptTrainerError extends Error {
  override readonly name = 'CorruptTrainerError';
}

/** Thrown when a stored trainer did not come to a model. */
export class RecordedTrainerError extends Error {
  override readonly name = 'RecordedTrainerError';

  constructor(sha256: string, cause: Error) {
    super(`The recorded trainer ${sha256} made no model: ${cause.name}: ${cause.message}`, { cause });
  }
}

export interface RunTrainerOptions {
  /** sha256 of the program. */
  readonly sha256: string;
  /** Id of the use case; the program brings the definition of its time. */
  readonly useCase: string;
  readonly recipe: Recipe;
  /** Variables that the program finds in its environment, beside those of this process. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Lets a trainer's program, as it was kept when the run was made, make the model once more, in a thread with an environment of its own.
 *
 * @returns the model's ONNX file
 * @throws {ObjectNotFoundError} @throws {CorruptTrainerError} @throws {RecordedTrainerError}
 */
export async function runRecordedTrainer(objects: Objects, options: RunTrainerOptions): Promise<Uint8Array> {
  const program = await readProgram(objects, options.sha256);
  const folder = await mkdtemp(join(tmpdir(), 'perennial-trainer-'));
  try {
    const file = join(folder, 'index.mjs');
    await writeFile(file, program);
    return await runInThread(pathToFileURL(file).href, options);
  } catch (error) {
    throw new RecordedTrainerError(options.sha256, error as Error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readProgram(objects: Objects, sha256: string): Promise<Uint8Array> {
  const key = `${bucketPrefixes.code}${sha256}.mjs`;
  const program = await objects.read(key);
  const found = hash('sha256', program, 'hex');
  if (found !== sha256) throw new CorruptTrainerError(`Program ${objects.uri(key)} has sha256 ${found}`);
  return program;
}

/** A text rather than a file: in a bundle nothing needs to be found beside it. */
const caller = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData.url)
    .then(({ fitAgain }) => {
      if (!fitAgain) throw new Error('it is of a time in which trainers could not yet be asked for a model again');
      return fitAgain(workerData.useCase, workerData.recipe);
    })
    .then(onnx => parentPort.postMessage(onnx));
`;

function runInThread(url: string, { useCase, recipe, environment }: RunTrainerOptions): Promise<Uint8Array> {
  const worker = new Worker(caller, {
    eval: true,
    workerData: { url, useCase, recipe },
    env: { ...process.env, ...environment },
    // What the program logs is no answer of the command that asked for the model.
    stdout: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', code => reject(new Error(`its thread ended with ${code}`)));
  return promise.finally(() => worker.terminate());
}
