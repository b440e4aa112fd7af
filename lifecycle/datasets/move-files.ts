import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import { ObjectChangedError, ObjectNotFoundError, type Objects } from '../../platform/objects.ts';
import type { Batch } from './batch.ts';
import { landingPrefix } from './landing-keys.ts';
import { quarantinePrefix } from './quarantine.ts';
import type { ScannedFile } from './scan-file.ts';

/** Moves a batch's files out of landing: to `ingested/`, or where the batch or the file was refused, into quarantine. */
export async function moveFiles(objects: Objects, useCase: string, batch: Batch): Promise<void> {
  for (const file of batch.files) await moveFile(objects, file, destinationOf(useCase, batch, file));
}

/** Key that a file of a batch goes to. @param batch before its last step */
export function destinationOf(useCase: string, { number, status }: Batch, { key, problem }: ScannedFile): string {
  const name = key.slice(landingPrefix(useCase).length);
  if (problem || status === 'declined') return `${quarantinePrefix(useCase, number)}files/${name}`;
  return `${bucketPrefixes.ingested}${useCase}/${number}/${name}`;
}

/** Moves a landing file as it was when it was listed. */
export async function moveFile(
  objects: Objects,
  { key, etag }: Pick<ScannedFile, 'key' | 'etag'>,
  to: string,
): Promise<void> {
  try {
    await objects.copy(key, to, { etag });
    await objects.delete(key, { etag });
  } catch (error) {
    // Moved by an earlier try, or overwritten since: then what lies there now is a file of the next batch.
    if (!(error instanceof ObjectNotFoundError) && !(error instanceof ObjectChangedError)) throw error;
  }
}
