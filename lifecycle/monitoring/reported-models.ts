import type { ModelCard } from '../registry/model-card.ts';
import { readModelCard } from '../registry/model-files.ts';
import { readVersion, type Version } from '../registry/versions.ts';
import type { MonitorReport } from './report.ts';
import type { ReportStores } from './reports.ts';

/** A version, and what it is compared with. */
export type Model = Version & Pick<ModelCard, 'referenceProfile'>;
/** @throws {VersionNotFoundError} @throws {CorruptModelCardError} */
export type ReadModel = (version: number) => Promise<Model>;

/** Reads each version's record and card once, and remembers which ones. */
export function createModelReader({ registry, objects }: ReportStores, useCase: string) {
  const known = new Map<number, Model>();
  return {
    async read(number: number): Promise<Model> {
      const present = known.get(number);
      if (present) return present;
      const version = await readVersion(registry, useCase, number);
      const { referenceProfile } = await readModelCard(objects, version);
      known.set(number, { ...version, referenceProfile });
      return known.get(number)!;
    },
    list: (): MonitorReport['models'] =>
      Array.from(known.values(), ({ version, modelSha256, referenceProfile }) => ({
        ...{ version, modelSha256, referenceRows: referenceProfile.rows },
      })),
  };
}
