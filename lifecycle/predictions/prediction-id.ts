import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { hourOf, shardPartition, shards } from './log-hours.ts';

/**
 * Makes a source of prediction ids: UUIDs of version 7 (RFC 9562) by the clock, each greater than the one before, even within a millisecond or when the clock is set back.
 *
 * ```
 * ┌ 48 bits ┬ 4 ─┬ 12 bits ┬ 2 ─┬ 62 bits ┐
 * │ epoch ms│ 7  │ counter │ 10 │ random  │
 * └─────────┴────┴─────────┴────┴─────────┘
 * ```
 */
export function createPredictionIds(clock: Clock): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const ms = clock.now().getTime();
    const random = randomBytes(10);
    if (ms > lastMs) {
      lastMs = ms;
      // Starts in the lower half, so that at least 2,048 more fit before the id has to borrow from the next millisecond.
      counter = random.readUInt16BE(8) & 0x7ff;
    } else if (counter < 0xfff) {
      counter++;
    } else {
      lastMs++;
      counter = 0;
    }
    const time = lastMs.toString(16).padStart(12, '0');
    const rest = random.toString('hex', 0, 8);
    const variant = (8 + (random[0]! & 3)).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${rest.slice(1, 4)}-${rest.slice(4)}`;
  };
}

/** When an id was made, or undefined if it is no lower-case UUID of version 7. */
export function timeOfPredictionId(id: string): Date | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)) return undefined;
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** Partition of the predictions table that holds an id: `bank-marketing#2026-11-21T09#7`. */
export function predictionPartition(useCase: string, id: string): string {
  return shardPartition(useCase, hourOf(timeOfPredictionId(id)!), Number.parseInt(id.slice(-2), 16) % shards);
}

/** What the ids made at an instant begin with: a bound for sort keys, below every id of that millisecond and above every earlier one. */
export function firstIdPrefix(instant: Date): string {
  const time = instant.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}
