import type { GateEvidence } from './gate.ts';
import type { LedgerEntry } from './ledger.ts';

/** What became of a version. It is never stored: the ledger says it. `approved` by the gate, `retired` once it answers or is tried no more. */
export type VersionStatus = 'candidate' | 'approved' | 'rejected' | 'champion' | 'retired';

/**
 * Reads off the ledger what became of a version.
 *
 * @param ledger entries, newest first
 */
export function versionStatus(ledger: readonly LedgerEntry[], version: number): VersionStatus {
  const latest = ledger[0]?.routing;
  if (latest?.variants[0]?.version === version) return 'champion';
  const decision = findDecision(ledger, version);
  if (decision?.decision !== 'passed') return decision ? 'rejected' : 'candidate';
  const isRouted = ({ routing }: Pick<LedgerEntry, 'routing'>) =>
    [...(routing?.variants ?? []), routing?.shadow].some(routed => routed?.version === version);
  if (latest && isRouted({ routing: latest })) return 'approved';
  return ledger.some(isRouted) ? 'retired' : 'approved';
}

/** Finds the entry in which the gate decided on a version. */
export function findDecision(ledger: readonly LedgerEntry[], version: number): LedgerEntry | undefined {
  return ledger.find(
    entry => entry.version === version && (entry.decision === 'passed' || entry.decision === 'rejected'),
  );
}

/** Whether the gate's decision was made against this champion. */
export function isAgainst({ evidence }: LedgerEntry, champion: number | undefined): boolean {
  return (evidence as Partial<GateEvidence>).champion?.version === champion;
}
