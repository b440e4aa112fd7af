import type { LedgerEntry } from './ledger.ts';

/** What became of a version. It is never stored: the ledger says it. */
export type VersionStatus = 'candidate' | 'rejected' | 'champion' | 'retired';

/**
 * Reads off the ledger what became of a version.
 *
 * @param ledger entries, newest first
 */
export function versionStatus(ledger: readonly LedgerEntry[], version: number): VersionStatus {
  const decision = findDecision(ledger, version);
  if (decision?.decision !== 'promoted') return decision ? 'rejected' : 'candidate';
  return ledger[0]?.routing?.variants[0]?.version === version ? 'champion' : 'retired';
}

/** Finds the entry that decided on a version. */
export function findDecision(ledger: readonly LedgerEntry[], version: number): LedgerEntry | undefined {
  return ledger.find(entry => entry.version === version);
}
