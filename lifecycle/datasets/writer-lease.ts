import { ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import type { Clock } from '../clock.ts';
import { partition } from '../registry/keys.ts';
import { WriterFencedOffError } from './errors.ts';

/** The right to write a use case's tables, until it expires. */
export interface WriterLease {
  readonly useCase: string;
  readonly holder: string;
  /** Grows with each taking; a write that carries an older one is refused. */
  readonly fence: number;
}

/** Thrown when the tables are being written by someone else; try again later. */
export class WriterBusyError extends Error {
  override readonly name = 'WriterBusyError';

  constructor(useCase: string, holder: string, options?: ErrorOptions) {
    super(`Cannot write the tables of "${useCase}": ${holder} does`, options);
  }
}

/** Real milliseconds after which a lease may be taken over: more than the 15 minutes that a Lambda lives at most. */
const leaseMs = 16 * 60_000;

type LeaseItem = Key & { readonly holder: string; readonly fence: number; readonly expiresAt: number };

/**
 * Takes the writer lease. The same holder may take it again, as a retry does: its earlier self is fenced off.
 *
 * @throws {WriterBusyError} while another holder has it
 */
export async function takeWriterLease(
  { registry, clock }: { registry: Table; clock: Clock },
  useCase: string,
  holder: string,
): Promise<WriterLease> {
  const now = clock.now().getTime();
  try {
    const { fence } = await registry.update<LeaseItem>(
      leaseKey(useCase),
      {
        expression: 'SET #holder = :holder, #expiresAt = :expiresAt, #fence = if_not_exists(#fence, :zero) + :one',
        names: { holder: 'holder', expiresAt: 'expiresAt', fence: 'fence' },
        values: { holder, expiresAt: now + leaseMs / clock.real(1), zero: 0, one: 1, now },
      },
      'attribute_not_exists(pk) OR #holder = :holder OR #expiresAt <= :now',
    );
    return { useCase, holder, fence };
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    const present = await registry.get<LeaseItem>(leaseKey(useCase));
    throw new WriterBusyError(useCase, present?.holder ?? 'another writer', { cause: error });
  }
}

/**
 * Lets the next writer in at once. The fencing number stays, so that it only ever grows.
 *
 * @param lease without a fencing number, whichever the holder has: of a holder with nothing left to write
 */
export async function giveBackWriterLease(
  registry: Table,
  { useCase, holder, fence }: Omit<WriterLease, 'fence'> & Partial<WriterLease>,
): Promise<void> {
  const isHeld = '#holder = :holder AND #expiresAt > :zero';
  try {
    await registry.update(
      leaseKey(useCase),
      {
        expression: 'SET #expiresAt = :zero',
        names: { holder: 'holder', expiresAt: 'expiresAt', ...(fence !== undefined && { fence: 'fence' }) },
        values: { zero: 0, holder, ...(fence !== undefined && { fence }) },
      },
      fence === undefined ? isHeld : `${isHeld} AND #fence = :fence`,
    );
  } catch (error) {
    // Given back before, or taken over by someone, whose it is.
    if (!(error instanceof ConditionFailedError)) throw error;
  }
}

/**
 * Puts an item that only writers of the tables put.
 *
 * @throws {WriterFencedOffError} when a newer holder of the lease has put it
 */
export async function putFenced(registry: Table, lease: WriterLease, item: Key & object): Promise<void> {
  const fenced: Key & object = { ...item, ...{ fence: lease.fence } };
  try {
    await registry.put(fenced, {
      expression: 'attribute_not_exists(pk) OR #fence <= :fence',
      names: { fence: 'fence' },
      values: { fence: lease.fence },
    });
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    throw new WriterFencedOffError(`Item ${item.pk} / ${item.sk} was taken over by a newer writer`, { cause: error });
  }
}

function leaseKey(useCase: string): Key {
  return { pk: partition(useCase, 'lease'), sk: 'writer' };
}
