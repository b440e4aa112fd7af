import type { Objects } from '../../platform/objects.ts';
import { type ModelName, readModelFile } from '../registry/model-files.ts';
import { type ModelSession, openModel } from './model-session.ts';

/**
 * Opens a registered model; it closes with the block that it is used in.
 *
 * @throws {CorruptModelError} @throws {ObjectNotFoundError}
 */
export async function openStoredModel(objects: Objects, model: ModelName): Promise<ModelSession & AsyncDisposable> {
  const session = await openModel(await readModelFile(objects, model));
  return { ...session, [Symbol.asyncDispose]: () => session.close() };
}
