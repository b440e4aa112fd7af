import { join } from 'node:path';

/** Folder of the Glue catalog, which Athena writes and Glue reads. */
export function catalogFolder(stateFolder: string): string {
  return join(stateFolder, 'glue');
}
