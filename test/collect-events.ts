import type { EventDetails, EventType } from '../contracts/events.ts';
import type { Events } from '../platform/events.ts';

/** An event as it was put. */
export interface PutEvent {
  readonly type: EventType;
  readonly detail: EventDetails[EventType];
}

/** A bus that remembers what it was told. */
export function collectEvents(): Events & { readonly events: PutEvent[] } {
  const events: PutEvent[] = [];
  return {
    events,
    async put(type, detail) {
      events.push({ type, detail });
    },
  };
}
