import type { HealthResponse } from '../../contracts/http.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import { readVersion } from '../registry/versions.ts';
import { readLatestEntry } from '../release/ledger.ts';
import { modelKey } from './model-signature.ts';

export interface ReadinessOptions {
  readonly registry: Table;
  readonly objects: Objects;
  /** Told why a use case's state could not be read; it counts as released and not ready. */
  readonly onUnreadable: (useCase: string, error: unknown) => void;
}

/** Says of each use case whether a released version is there to answer, and which. */
export function readReadiness(
  { registry, objects, onUnreadable }: ReadinessOptions,
  useCases: readonly string[],
): Promise<HealthResponse['models']> {
  return Promise.all(
    useCases.map(async useCase => {
      try {
        const variants = (await readLatestEntry(registry, useCase))?.routing?.variants ?? [];
        const stored = await Promise.all(
          variants.map(({ modelSha256 }) => objects.exists(modelKey(useCase, modelSha256))),
        );
        const released = variants.length > 0;
        const ready = released && stored.every(isThere => isThere);
        return { useCase, released, ready, version: variants[0]?.version ?? null };
      } catch (error) {
        onUnreadable(useCase, error);
        return { useCase, released: true, ready: false, version: null };
      }
    }),
  );
}

/** How the endpoint is, in a word. */
export function healthOf(models: HealthResponse['models']): HealthResponse['status'] {
  if (!models.some(({ released }) => released)) return 'waiting';
  return isServing(models) ? 'ok' : 'degraded';
}

/** Whether the endpoint does what it can: something was released, and all that was is there. A use case that waits for its first version is no fault. */
export function isServing(models: HealthResponse['models']): boolean {
  return models.some(({ ready }) => ready) && models.every(({ ready, released }) => ready || !released);
}

/** Says whether a version's model is there to answer. @throws {VersionNotFoundError} */
export async function isVersionReady(
  { registry, objects }: Pick<ReadinessOptions, 'registry' | 'objects'>,
  useCase: string,
  version: number,
): Promise<boolean> {
  const { modelSha256 } = await readVersion(registry, useCase, version);
  return objects.exists(modelKey(useCase, modelSha256));
}
