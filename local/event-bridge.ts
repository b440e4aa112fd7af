import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsFile } from '../contracts/events.ts';
import type { Clock } from '../lifecycle/clock.ts';
import { type JsonService, ServiceError } from './service.ts';

export interface EventBridgeOptions {
  /** ARNs of the buses, by name. */
  readonly buses: ReadonlyMap<string, string>;
  readonly stateFolder: string;
  readonly clock: Clock;
}

interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
}

/** EventBridge, as far as events are put: they are written down, and no rule is matched. */
export function createEventBridge({ buses, stateFolder, clock }: EventBridgeOptions): JsonService {
  return {
    async handle(action, input, caller) {
      if (action !== 'PutEvents') {
        throw new ServiceError('UnknownOperationException', `EventBridge has no action "${action}" here`);
      }
      const entries = (input.Entries ?? []) as readonly Entry[];
      for (const { EventBusName = '' } of entries) {
        const arn = buses.get(EventBusName);
        if (!arn) throw new ServiceError('ResourceNotFoundException', `Event bus ${EventBusName} does not exist.`);
        caller.require('events:PutEvents', arn);
      }
      const results = entries.map(({ Source, DetailType, Detail = '{}' }) => {
        const id = randomUUID();
        const event = { id, time: clock.now(), source: Source, 'detail-type': DetailType, detail: JSON.parse(Detail) };
        appendFileSync(join(stateFolder, eventsFile), `${JSON.stringify(event)}\n`);
        return { EventId: id };
      });
      return { FailedEntryCount: 0, Entries: results };
    },
    async stop() {},
  };
}
