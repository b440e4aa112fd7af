import type { Table } from '../../platform/table.ts';
import { readVersion, VersionNotFoundError } from '../registry/versions.ts';
import { ModelUnavailableError } from './errors.ts';
import type { LiveEntry } from './live-routing.ts';

/** Variant of a prediction whose caller named the version: it was assigned to nobody, and is no evidence about a release. */
export const pinnedVariant = 'pinned';

/** Routes everything to a version that the caller names, whatever became of it. */
export interface PinnedRoutings {
  /** @throws {VersionNotFoundError} @throws {ModelUnavailableError} when the registry does not answer */
  of(useCase: string, version: number): Promise<LiveEntry>;
}

/** Makes the routings to named versions; a version never changes, so each is read once a process. */
export function createPinnedRoutings(registry: Table): PinnedRoutings {
  const known = new Map<string, LiveEntry>();

  return {
    async of(useCase, version) {
      const key = `${useCase}#${version}`;
      const entry = known.get(key) ?? (await readPinned(registry, useCase, version));
      known.set(key, entry);
      return entry;
    },
  };
}

async function readPinned(registry: Table, useCase: string, number: number): Promise<LiveEntry> {
  const { version, modelSha256, threshold } = await readVersion(registry, useCase, number).catch(cause => {
    throw cause instanceof VersionNotFoundError ? cause : new ModelUnavailableError(useCase, { cause });
  });
  const variants = [{ name: pinnedVariant, version, modelSha256, threshold, share: 1 }];
  return { entry: 0, routing: { salt: '', variants, shadow: null, aliases: {} } };
}
