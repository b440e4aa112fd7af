import type { Table } from '../../platform/table.ts';
import type { Version } from '../registry/versions.ts';
import type { GateEvidence } from './gate.ts';
import { type LedgerEntry, walkLedger } from './ledger.ts';

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
  return ledger.find(entry => isDecisionOn(entry, version));
}

/** Reads the entry in which the gate decided on a version, if it did: none is older than the version. */
export async function readDecision(
  registry: Table,
  version: Pick<Version, 'useCase' | 'version' | 'createdAt'>,
): Promise<LedgerEntry | undefined> {
  for await (const entry of walkLedger(registry, version.useCase)) {
    if (isDecisionOn(entry, version.version)) return entry;
    if (isBefore(entry, version)) return undefined;
  }
  return undefined;
}

/** By how much the clocks of two functions may differ, and more. */
const skewMs = 3_600_000;

/** Whether an entry is from before a version: neither it nor an older one can be about it. */
export function isBefore({ at }: Pick<LedgerEntry, 'at'>, { createdAt }: Pick<Version, 'createdAt'>): boolean {
  return Date.parse(at) < Date.parse(createdAt) - skewMs;
}

function isDecisionOn({ version, decision }: LedgerEntry, number: number): boolean {
  return version === number && (decision === 'passed' || decision === 'rejected');
}

/** Whether the gate's decision was made against this champion. */
export function isAgainst({ evidence }: LedgerEntry, champion: number | undefined): boolean {
  return (evidence as Partial<GateEvidence>).champion?.version === champion;
}
