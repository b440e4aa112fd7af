import { setTimeout as sleep } from 'node:timers/promises';
import type { Table } from '../../platform/table.ts';
import type { Clock } from '../clock.ts';
import { type LedgerEntry, type Routing, readLatestEntry } from '../release/ledger.ts';
import { ModelUnavailableError, NoModelError } from './errors.ts';
import type { ModelCache, ModelLease } from './model-cache.ts';

/** The routing as it is now, to within seconds, with its models in memory. */
export interface LiveRouting {
  /**
   * Returns the ledger's entry that holds a use case's routing. While one is loaded it goes on counting whatever becomes of registry and bucket.
   *
   * @throws {NoModelError} when nothing was ever released
   * @throws {ModelUnavailableError} when nothing is loaded and nothing can be
   */
  current(useCase: string): Promise<LiveEntry>;
}

/** The part of a ledger entry that answers. */
export interface LiveEntry extends Pick<LedgerEntry, 'entry'> {
  readonly routing: Routing;
}

export interface LiveRoutingOptions {
  readonly registry: Table;
  readonly models: ModelCache;
  readonly clock: Clock;
  /** Told of each re-read that failed while a routing is loaded. */
  readonly onRefreshFailed: (useCase: string, error: unknown) => void;
}

/** Age from which the ledger is read again, while the request goes on with what is loaded. */
const freshMs = 2_000;
/** Age from which a request waits for the ledger: after a pause (a frozen Lambda) what is loaded may be long outdated. */
const overdueMs = 5_000;
/** How long it waits then. */
const patienceMs = 250;
/** How long a re-read may take; a connection that a freeze cut would else never end. */
const refreshTimeoutMs = 3_000;
/** How long the first reading may take, with nothing to go on with: half of the time that a request has. */
const loadTimeoutMs = 15_000;

interface State {
  /** The last entry read whose champion is loaded. */
  loaded?: { readonly entry: LedgerEntry; readonly leases: readonly ModelLease[] };
  /** Epoch milliseconds of domain time at which the last re-read began and ended. */
  begunAt: number;
  endedAt: number;
  /** Does not reject while there is a routing to go on with. */
  refresh?: Promise<void>;
}

/** Watches the ledgers of the use cases that are asked for. */
export function createLiveRouting({ registry, models, clock, onRefreshFailed }: LiveRoutingOptions): LiveRouting {
  const states = new Map<string, State>();

  async function current(useCase: string): Promise<LiveEntry> {
    const state = states.get(useCase) ?? { begunAt: 0, endedAt: 0 };
    states.set(useCase, state);
    const isOverdue = age(state.endedAt) >= overdueMs;
    if (!isAnswering(state)) await beginRefresh(useCase, state);
    else if (isOverdue || age(state.begunAt) >= freshMs) {
      const refresh = beginRefresh(useCase, state);
      if (isOverdue) await Promise.race([refresh, sleep(patienceMs, undefined, { ref: false })]);
    }
    const { entry = 0, routing } = state.loaded?.entry ?? {};
    if (!routing) throw new NoModelError(useCase);
    return { entry, routing };
  }

  function age(since: number): number {
    return clock.real(clock.now().getTime() - since);
  }

  /** Begins a re-read, or joins the one that is under way unless a freeze cut it. */
  function beginRefresh(useCase: string, state: State): Promise<void> {
    if (state.refresh && age(state.begunAt) < timeoutMs(state)) return state.refresh;
    state.begunAt = clock.now().getTime();
    const refresh = runRefresh(useCase, state).finally(() => {
      if (state.refresh !== refresh) return;
      state.refresh = undefined;
      state.endedAt = clock.now().getTime();
    });
    state.refresh = refresh;
    return refresh;
  }

  async function runRefresh(useCase: string, state: State): Promise<void> {
    const ended = new AbortController();
    try {
      await Promise.race([load(useCase, state), timeout(useCase, timeoutMs(state), ended.signal)]);
    } catch (cause) {
      if (!isAnswering(state)) throw new ModelUnavailableError(useCase, { cause });
      onRefreshFailed(useCase, cause);
    } finally {
      ended.abort();
    }
  }

  async function load(useCase: string, state: State): Promise<void> {
    const entry = await readLatestEntry(registry, useCase);
    if (!entry || !isNewer(entry, state)) return;
    const leases = await leaseAll(useCase, entry.routing);
    // A re-read that was given up may still come to its end, after later ones.
    const isTaken = isNewer(entry, state);
    for (const lease of isTaken ? (state.loaded?.leases ?? []) : leases) lease.giveBack();
    if (isTaken) state.loaded = { entry, leases };
  }

  /** A challenger that cannot be loaded keeps nobody waiting: the champion answers for it, and the judge counts that. */
  async function leaseAll(useCase: string, routing: Routing | null): Promise<ModelLease[]> {
    const settled = await Promise.allSettled(
      (routing?.variants ?? []).map(({ modelSha256 }) => models.lease(useCase, modelSha256)),
    );
    const leases = settled.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const [champion] = settled;
    if (champion?.status !== 'rejected') return leases;
    for (const lease of leases) lease.giveBack();
    throw champion.reason;
  }

  return { current };
}

/** Whether there is a routing to go on with; before the first release an entry has none. */
function isAnswering({ loaded }: State): boolean {
  return loaded !== undefined && loaded.entry.routing !== null;
}

function isNewer({ entry }: LedgerEntry, { loaded }: State): boolean {
  return loaded === undefined || entry > loaded.entry.entry;
}

function timeoutMs(state: State): number {
  return isAnswering(state) ? refreshTimeoutMs : loadTimeoutMs;
}

async function timeout(useCase: string, ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { ref: false, signal });
  throw new Error(`Reading the ledger of "${useCase}" and its models took more than ${ms} ms`);
}
