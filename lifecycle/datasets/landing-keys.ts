import { bucketPrefixes, landingFolders } from '../../contracts/bucket-layout.ts';

/** Prefix under which a use case's files are dropped. */
export function landingPrefix(useCase: string): string {
  return `${bucketPrefixes.landing}${useCase}/`;
}

/** Whether a landing file was made by the use case's own generator. */
export function isSynthetic(useCase: string, key: string): boolean {
  return isIn('synthetic', useCase, key);
}

/** Whether a landing file holds outcomes, and no observations. */
export function isOutcomes(useCase: string, key: string): boolean {
  return isIn('outcomes', useCase, key);
}

/** Whether a landing file holds predictions out of the archive, which become observations. */
export function isPredictions(useCase: string, key: string): boolean {
  return isIn('predictions', useCase, key);
}

/** Whether a landing file is one that a producer dropped: neither made by the generator, nor out of the archive. */
export function isReal(useCase: string, key: string): boolean {
  return !Object.keys(landingFolders).some(folder => isIn(folder as keyof typeof landingFolders, useCase, key));
}

function isIn(folder: keyof typeof landingFolders, useCase: string, key: string): boolean {
  return key.startsWith(`${landingPrefix(useCase)}${landingFolders[folder]}`);
}
