import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type EventDetails, type EventType, eventSource } from '../contracts/events.ts';

/** Where events go that others may act upon. */
export interface Events {
  /** @throws {EventRefusedError} */
  put<Type extends EventType>(detailType: Type, detail: EventDetails[Type]): Promise<void>;
}

/** Thrown when the bus did not take an event. */
export class EventRefusedError extends Error {
  override readonly name = 'EventRefusedError';

  constructor(bus: string, detailType: string, code: string, message: string) {
    super(`Bus "${bus}" refused the event "${detailType}": ${code}: ${message}`);
  }
}

/** Connects to an EventBridge bus. */
export function connectEvents(bus: string): Events {
  const client = new EventBridgeClient({});
  return {
    async put(detailType, detail) {
      const entry = { EventBusName: bus, Source: eventSource, DetailType: detailType, Detail: JSON.stringify(detail) };
      // A failure of one entry is no failure of the call.
      const { Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      const { ErrorCode, ErrorMessage } = Entries?.[0] ?? {};
      if (ErrorCode) throw new EventRefusedError(bus, detailType, ErrorCode, ErrorMessage ?? '');
    },
  };
}
