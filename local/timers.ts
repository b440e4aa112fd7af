import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../lifecycle/clock.ts';

/** Longest time that a timer of Node can hold, in seconds; a longer one would fire at once. */
export const longestTimerSeconds = 2_147_483;

/** Sleeps until an instant of domain time, in epoch milliseconds, or until aborted. */
export async function sleepUntil(instant: number, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const remaining = clock.real(instant - clock.now().getTime());
    if (remaining <= 0) return;
    await sleep(Math.min(Math.ceil(remaining), longestTimerSeconds * 1_000), undefined, { signal }).catch(() => {});
  }
}
