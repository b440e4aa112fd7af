import { type LedgerEntry, readLedger } from './ledger.ts';
import type { ReleaseServices } from './release-services.ts';
import { rollBack } from './roll-back.ts';
import { previousChampion } from './routing.ts';

/** How long after its promotion a champion is under suspicion when the endpoint fails. */
const suspicionMs = 3_600_000;

/**
 * Takes back whatever is new when the endpoint raises an alarm: a version on trial, or a champion that was promoted in the last hour. Older ones stay,
 * as going back would not mend what did not break with them.
 *
 * @returns whether anything was taken back
 */
export async function rollBackOnAlarm(services: ReleaseServices, useCase: string, alarm: string): Promise<boolean> {
  const ledger = await readLedger(services.registry, useCase);
  const promotion = findPromotion(ledger);
  const isRecent = promotion !== undefined && services.clock.now().getTime() - Date.parse(promotion.at) < suspicionMs;
  const isOnTrial = ledger[0]?.running != null;
  if (!isOnTrial && !(isRecent && previousChampion(ledger))) return false;
  await rollBack(services, { useCase, by: alarm, reason: `alarm "${alarm}"` });
  return true;
}

/** The entry that made the champion of now, if it was a promotion. @param ledger entries, newest first */
function findPromotion(ledger: readonly LedgerEntry[]): LedgerEntry | undefined {
  const versionOf = ({ routing }: LedgerEntry) => routing?.variants[0]?.version;
  const before = ledger.findIndex(entry => versionOf(entry) !== versionOf(ledger[0]!));
  const change = ledger.at(before < 0 ? -1 : before - 1);
  return change?.decision === 'promoted' ? change : undefined;
}
