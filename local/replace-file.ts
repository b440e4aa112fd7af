import { renameSync, writeFileSync } from 'node:fs';

/**
 * Writes a small file so that whoever reads it, even after a death in between, finds the new content whole or the old one.
 *
 * @param mode permissions of a file that is new. @default 0o666 less the umask
 */
export function replaceFile(path: string, content: string, mode?: number): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, path);
}
