import { readLedger } from './ledger.ts';
import type { ReleaseServices } from './release-services.ts';
import { rollBack } from './roll-back.ts';
import { previousChampion } from './routing.ts';

/** How long after its promotion a champion is under suspicion when the endpoint fails. */
const suspicionMs = 3_600_000;

/**
 * Takes back whatever is new when the endpoint raises an alarm: a version on trial, or a champion of the last hour. Older champions stay, as going
 * back would not mend what did not break with them.
 *
 * @returns whether anything was taken back
 */
export async function rollBackOnAlarm(services: ReleaseServices, useCase: string, alarm: string): Promise<boolean> {
  const ledger = await readLedger(services.registry, useCase);
  const since = services.clock.now().getTime() - suspicionMs;
  const isRecent = ledger.some(({ decision, at }) => decision === 'promoted' && Date.parse(at) > since);
  const isOnTrial = ledger[0]?.running != null;
  if (!isOnTrial && !(isRecent && previousChampion(ledger))) return false;
  await rollBack(services, { useCase, by: alarm, reason: `alarm "${alarm}"` });
  return true;
}
