import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../service.ts';

/** A service that answers requests as they come: its protocol is its own. */
export interface HttpService {
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>;
}
