import type { ServerResponse } from 'node:http';
import type { Faults } from './faults.ts';
import type { Caller } from './service.ts';

/** Who calls, told by the access key id of a request. */
export class Callers {
  readonly #callers = new Map<string, { readonly label: string; readonly caller: Caller }>();
  #faults: Faults | undefined;

  /** @param label name by which fault rules know the caller */
  add(accessKeyId: string, label: string, caller: Caller): void {
    this.#callers.set(accessKeyId, { label, caller });
  }

  /** From now on the faults strike. */
  expose(faults: Faults | undefined): void {
    this.#faults = faults;
  }

  /** The caller for one request, or undefined for an unknown key. */
  identify(accessKeyId: string, response: ServerResponse): Caller | undefined {
    const found = this.#callers.get(accessKeyId);
    if (!found || !this.#faults) return found?.caller;
    return this.#faults.strike(found.label, found.caller, response);
  }
}
