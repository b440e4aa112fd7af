import type { RoutingEvent } from '../../contracts/events.ts';
import type { Events } from '../../platform/events.ts';
import type { ReleaseStep } from '../../use-cases/release-policy.ts';
import type { LedgerEntry } from './ledger.ts';

/** Tells that a version on trial got its step. */
export function announceStep(events: Events, useCase: string, entry: LedgerEntry, step: ReleaseStep): Promise<void> {
  return events.put('Release Step', { ...describe(useCase, entry), step });
}

/**
 * Tells how a release ended, or that a champion was taken back.
 *
 * @param before version that answered by default before; null where none did
 */
export async function announceEnding(
  events: Events,
  useCase: string,
  entry: LedgerEntry,
  before: number | null,
): Promise<void> {
  const event = describe(useCase, entry);
  const champion = entry.routing?.variants[0]?.version ?? null;
  if (entry.decision === 'declined') return events.put('Release Declined', event);
  if (entry.decision === 'rolled back') return events.put('Rolled Back', { ...event, champion });
  return events.put('Champion Changed', { ...event, champion: champion!, before });
}

function describe(useCase: string, { entry, release, version, at, by, reason }: LedgerEntry): RoutingEvent {
  return { useCase, entry, release, version, at, by, reason };
}
