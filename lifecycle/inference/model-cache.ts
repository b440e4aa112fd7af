import type { Objects } from '../../platform/objects.ts';
import { readModelFile } from '../registry/model-files.ts';
import { type ModelSession, openModel } from './model-session.ts';
import { type ModelSignature, modelCardKey } from './model-signature.ts';

/** A model that is ready to answer. */
export interface LoadedModel {
  readonly session: ModelSession;
  /** By category feature: the levels that the training rows had. */
  readonly levels: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A hold on a model: it stays in memory at least until it is given back. */
export interface ModelLease {
  readonly model: LoadedModel;
  giveBack(): void;
}

/** Models in memory by sha256. */
export interface ModelCache {
  /**
   * Takes a hold on a model, and loads it if it is not in memory.
   *
   * @throws {CorruptModelError} when the stored file has another sha256
   * @throws {ObjectNotFoundError} when there is none
   */
  lease(useCase: string, sha256: string): Promise<ModelLease>;
}

interface Entry {
  readonly model: Promise<LoadedModel>;
  leases: number;
}

/**
 * Makes a cache that keeps, beside the models somebody holds, the few used last: a rollback finds its model in memory.
 *
 * @param options.idle how many models that nobody holds are kept. @default 2
 */
export function createModelCache(objects: Objects, { idle = 2 }: { idle?: number } = {}): ModelCache {
  // In the order of use, the longest unused first.
  const entries = new Map<string, Entry>();

  async function lease(useCase: string, sha256: string): Promise<ModelLease> {
    const entry = entries.get(sha256) ?? { model: loadModel(objects, useCase, sha256), leases: 0 };
    entries.delete(sha256);
    entries.set(sha256, entry);
    entry.leases++;
    try {
      return { model: await entry.model, giveBack: once(() => giveBack(entry)) };
    } catch (error) {
      // What failed is not kept: the next lease loads anew.
      if (entries.get(sha256) === entry) entries.delete(sha256);
      throw error;
    }
  }

  function giveBack(entry: Entry): void {
    entry.leases--;
    const unused = [...entries].filter(([, { leases }]) => leases === 0);
    for (const [sha256, { model }] of unused.slice(0, Math.max(0, unused.length - idle))) {
      entries.delete(sha256);
      void model.then(({ session }) => session.close());
    }
  }

  return { lease };
}

async function loadModel(objects: Objects, useCase: string, sha256: string): Promise<LoadedModel> {
  const [onnx, { signature }] = await Promise.all([
    readModelFile(objects, { useCase, modelSha256: sha256 }),
    objects.readJson<{ signature: ModelSignature }>(modelCardKey(useCase, sha256)),
  ]);
  const session = await openModel(onnx);
  // The first run allocates; better now than in a caller's request.
  await session.scoreInstances([{}]);
  return {
    session,
    levels: new Map(
      signature.features.flatMap(({ name, levels }) => (levels ? [[name, new Set(levels)] as const] : [])),
    ),
  };
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
