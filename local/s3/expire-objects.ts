import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { objectSuffix } from './list-objects.ts';

/** A rule of a bucket's lifecycle configuration that lets objects expire. */
export interface ExpiryRule {
  readonly prefix: string;
  readonly days: number;
}

/** Reads the rules off a bucket's properties; of the other kinds, none matters on one machine. */
export function readExpiryRules(properties: Readonly<Record<string, unknown>>): ExpiryRule[] {
  const { Rules = [] } = (properties.LifecycleConfiguration ?? {}) as { Rules?: LifecycleRule[] };
  return Rules.flatMap(({ Status, Prefix = '', ExpirationInDays }) =>
    Status === 'Enabled' && ExpirationInDays !== undefined ? [{ prefix: Prefix, days: Number(ExpirationInDays) }] : [],
  );
}

interface LifecycleRule {
  readonly Status: string;
  readonly Prefix?: string;
  readonly ExpirationInDays?: number | string;
}

/**
 * Deletes the objects that a rule lets expire. Their age is real time, that of their files.
 *
 * @param folder the bucket's
 */
export async function expireObjects(folder: string, rules: readonly ExpiryRule[], now = Date.now()): Promise<void> {
  for (const { prefix, days } of rules) {
    const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const files = await readdir(join(folder, parent), { recursive: true, withFileTypes: true }).catch(none);
    for (const file of files.filter(entry => entry.isFile())) {
      const path = join(file.parentPath, file.name);
      if (!path.startsWith(join(folder, prefix)) || !isOfObject(file.name)) continue;
      const { mtimeMs } = await stat(path);
      if (now - mtimeMs > days * 86_400_000) await rm(path, { force: true });
    }
  }
}

function isOfObject(name: string): boolean {
  return name.endsWith(objectSuffix) || name.endsWith(`${objectSuffix}.md5`) || name.endsWith('._S3rver_metadata.json');
}

function none(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
