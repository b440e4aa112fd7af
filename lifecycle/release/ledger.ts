import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import { partition, sequenceKey, withoutKey } from '../registry/keys.ts';
import { walkNumbered } from '../registry/walk-back.ts';

/** A model that answers, and for which part of the units. */
export interface Variant {
  readonly name: string;
  readonly version: number;
  readonly modelSha256: string;
  /** Probability at or above which the decision is positive. */
  readonly threshold: number;
  /** Part of the units in [0, 1]; the shares of a routing sum to 1. */
  readonly share: number;
}

/** A version that scores the logged requests and answers nobody. */
export type Shadow = Pick<Variant, 'version' | 'modelSha256' | 'threshold'>;

/** Which versions answer. The first variant is the champion; the names of the others are `challenger`, `challenger-2` … */
export interface Routing {
  /** Seed of the hash that assigns units to variants. */
  readonly salt: string;
  readonly variants: readonly Variant[];
  readonly shadow: Shadow | null;
  /** Names that people gave to versions. */
  readonly aliases: Readonly<Record<string, number>>;
}

/**
 * What was decided. Of the gate: `passed` and `rejected`. Of a release, in this order: `started`, `shifted` to a step, and in the end `promoted`,
 * `rolled back` or `declined` by who had to approve; `rolled back` is also said of a champion. Of a name: `aliased`.
 */
export type Decision =
  | 'passed'
  | 'rejected'
  | 'started'
  | 'shifted'
  | 'promoted'
  | 'rolled back'
  | 'declined'
  | 'aliased';

/** One decision about routing, never changed once put. */
export interface LedgerEntry {
  /** 1, 2, 3 … */
  readonly entry: number;
  readonly at: string;
  /** Who decided: an execution ARN or a person's key id. */
  readonly by: string;
  readonly decision: Decision;
  /** The version that was decided on. */
  readonly version: number;
  /** Number of the release that the decision is part of; null where it is part of none. */
  readonly release: number | null;
  /** Number of the one release that may move traffic from here on; null while there is none. */
  readonly running: number | null;
  readonly reason: string;
  /** The whole routing from here on; null while no version was ever released. */
  readonly routing: Routing | null;
  /** The figures the decision stands on. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Thrown when another entry was put first; read again and decide anew. */
export class LedgerMovedError extends Error {
  override readonly name = 'LedgerMovedError';

  constructor(useCase: string, entry: number, options?: ErrorOptions) {
    super(`Ledger of "${useCase}" has entry ${entry} already`, options);
  }
}

type LedgerItem = LedgerEntry & Key;

/** Reads the entry that holds the routing now, or undefined before the first decision. */
export async function readLatestEntry(registry: Table, useCase: string): Promise<LedgerEntry | undefined> {
  const [latest] = await registry.query<LedgerItem>(partition(useCase, 'ledger'), { descending: true, limit: 1 });
  return latest && withoutKey(latest);
}

/** Reads all entries, newest first. */
export async function readLedger(registry: Table, useCase: string, limit?: number): Promise<LedgerEntry[]> {
  const items = await registry.query<LedgerItem>(partition(useCase, 'ledger'), { descending: true, limit });
  return items.map(withoutKey);
}

/** Goes back through the entries, newest first; those of years ago are read by those who go there. @param before number of an entry, beyond which it begins */
export function walkLedger(registry: Table, useCase: string, before?: number): AsyncGenerator<LedgerEntry> {
  return walkNumbered<LedgerItem>(registry, partition(useCase, 'ledger'), before);
}

/** Reads the entries of one release, from its start on, newest first. */
export async function readReleaseEntries(registry: Table, useCase: string, release: number): Promise<LedgerEntry[]> {
  const own: LedgerEntry[] = [];
  for await (const entry of walkLedger(registry, useCase)) {
    if (entry.release === release) own.push(entry);
    if (entry.release === release && entry.decision === 'started') break;
  }
  return own;
}

/** Reads the entry whose routing held at an instant. */
export async function readEntryAt(registry: Table, useCase: string, at: Date): Promise<LedgerEntry | undefined> {
  for await (const entry of walkLedger(registry, useCase)) if (new Date(entry.at) <= at) return entry;
  return undefined;
}

/** What a decision says for itself; the rest follows from the entry before. */
export type Resolution = Pick<LedgerEntry, 'at' | 'by' | 'decision' | 'version' | 'release' | 'reason' | 'evidence'> &
  Partial<Pick<LedgerEntry, 'running' | 'routing'>>;

/** Words the entry after `latest`: what the decision does not say stays as it was. */
export function nextEntry(latest: LedgerEntry | undefined, resolution: Resolution): LedgerEntry {
  const { running = null, routing = null, entry = 0 } = latest ?? {};
  return { running, routing, ...resolution, entry: entry + 1 };
}

/**
 * Puts the next entry: the moment at which the routing moves.
 *
 * @throws {LedgerMovedError} when an entry of this number is there
 */
export async function appendEntry(registry: Table, useCase: string, entry: LedgerEntry): Promise<void> {
  try {
    await registry.put({ pk: partition(useCase, 'ledger'), sk: sequenceKey(entry.entry), ...entry }, absent);
  } catch (error) {
    if (error instanceof ConditionFailedError) throw new LedgerMovedError(useCase, entry.entry, { cause: error });
    throw error;
  }
}
