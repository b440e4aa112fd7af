import { type LedgerEntry, readLedger } from './ledger.ts';
import type { ReleaseServices } from './release-services.ts';
import { rollBack } from './roll-back.ts';
import { previousChampion } from './routing.ts';

/** How long after its promotion a champion is under suspicion when the endpoint fails. */
const suspicionMs = 3_600_000;
/** How long after a roll-back an alarm may still tell of what was taken back: another may be raised by the same failures, and each may be delivered twice. */
const settlingMs = 10 * 60_000;

/**
 * Lets an alarm take back what is new in every use case, each for itself: that one cannot be rolled back does not keep the others from it.
 *
 * @throws {AggregateError} of those that could not
 */
export async function rollBackAllOnAlarm(
  services: ReleaseServices,
  useCases: readonly string[],
  alarm: string,
): Promise<void> {
  const settled = await Promise.allSettled(useCases.map(useCase => rollBackOnAlarm(services, useCase, alarm)));
  const failures = settled.flatMap(result => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0)
    throw new AggregateError(failures, `Alarm "${alarm}" took nothing back: ${failures.join('; ')}`);
}

/**
 * Takes back whatever is new when the endpoint raises an alarm: a version on trial, or a champion that was promoted in the last hour. Older ones stay,
 * as going back would not mend what did not break with them; and so does the champion where something newer has just been taken back.
 *
 * @returns whether anything was taken back
 */
export async function rollBackOnAlarm(services: ReleaseServices, useCase: string, alarm: string): Promise<boolean> {
  const ledger = await readLedger(services.registry, useCase);
  const isWithin = (entry: LedgerEntry | undefined, ms: number) =>
    entry !== undefined && services.clock.now().getTime() - Date.parse(entry.at) < ms;
  const isOnTrial = ledger[0]?.running != null;
  const isSettling = isWithin(
    ledger.find(({ decision }) => decision === 'rolled back'),
    settlingMs,
  );
  const isSuspect = isWithin(findPromotion(ledger), suspicionMs) && previousChampion(ledger) !== undefined;
  if (!isOnTrial && (isSettling || !isSuspect)) return false;
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
