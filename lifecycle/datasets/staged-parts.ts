import type { Column } from '../../contracts/tables.ts';
import type { Objects } from '../../platform/objects.ts';
import { StagingPart } from './staging-part.ts';

/** Rows in a Parquet file: what bounds the memory. */
const partRows = 50_000;

/** Rows on their way under a prefix, as Parquet files of bounded size. */
export interface StagedParts {
  /** @param row values in the schema's order */
  add(row: readonly unknown[]): Promise<void>;
  /** Writes what is left. */
  end(): Promise<void>;
}

/** Starts writing rows under a prefix, in place of what lies there. */
export async function stageParts(objects: Objects, prefix: string, schema: readonly Column[]): Promise<StagedParts> {
  await clearPrefix(objects, prefix);
  const part = new StagingPart(schema);
  let parts = 0;
  const flush = () => objects.write(`${prefix}part-${String(parts++).padStart(5, '0')}.parquet`, part.take());
  return {
    async add(row) {
      part.add(row);
      if (part.rows >= partRows) await flush();
    },
    async end() {
      if (part.rows > 0) await flush();
    },
  };
}

/** Deletes every object under a prefix. */
export async function clearPrefix(objects: Objects, prefix: string): Promise<void> {
  for (const { key } of await objects.list(prefix)) await objects.delete(key);
}
