import { timeToLiveAttribute } from '../../contracts/tables.ts';
import type { Key, Table } from '../../platform/table.ts';
import { hourOf, hourPartitions, hoursBetween, shardPartition, shards } from '../predictions/log-hours.ts';
import type { TimeRange } from '../predictions/read-predictions.ts';
import { type Outcome, outcomeTarget } from './outcome.ts';

/** Days an outcome stays in the log; its hour is archived long before. */
const daysLogged = 30;
/** Days for which the same outcome, told again, is recognized. */
const daysRecognized = 365;

/** What became of an outcome: it is new, or was told before. */
export type LogResult = 'accepted' | 'duplicate';

type OutcomeItem = Key & Outcome & { readonly [timeToLiveAttribute]: number };

/** Says that an outcome of a target was logged, whenever that was. */
type ReceiptItem = Key & { readonly receivedAt: string; readonly [timeToLiveAttribute]: number };

/** Says that outcomes were received on a day, `2026-01-31`. */
type DayItem = Key & { readonly [timeToLiveAttribute]: number };

/**
 * Writes outcomes, each an item of its own that never changes, and for each a receipt by which it is recognized when it is told again.
 * The receipt goes last: what has one is logged.
 *
 * @returns what became of each, in their order
 */
export async function logOutcomes(table: Table, outcomes: readonly Outcome[]): Promise<LogResult[]> {
  const distinct = new Map(outcomes.map(outcome => [outcome.outcomeId, outcome]).reverse() as [string, Outcome][]);
  const receipts = await table.getMany<ReceiptItem>(Array.from(distinct.values(), receiptKey));
  const known = new Set(receipts.map(({ sk }) => sk));
  const fresh = [...distinct.values()].filter(({ outcomeId }) => !known.has(outcomeId));
  await table.putMany([...fresh.map(toItem), ...daysOf(fresh)]);
  await table.putMany(fresh.map(toReceipt));
  return outcomes.map(({ outcomeId }) => {
    const isNew = !known.has(outcomeId);
    // Of equal outcomes in one call, only the first is new.
    known.add(outcomeId);
    return isNew ? 'accepted' : 'duplicate';
  });
}

/** Reads the outcomes received in a time range: hour after hour, within an hour in no order. */
export async function* readOutcomes(table: Table, useCase: string, { from, to }: TimeRange): AsyncGenerator<Outcome> {
  for (const hour of hoursBetween(from, to)) {
    const parts = await Promise.all(hourPartitions(logPrefix(useCase), hour).map(pk => table.query<OutcomeItem>(pk)));
    for (const item of parts.flat()) {
      const received = Date.parse(item.receivedAt);
      if (received >= from.getTime() && received < to.getTime()) yield fromItem(item);
    }
  }
}

/** The first day, `2026-01-31`, on which an outcome was received that may still be in the log; undefined when there is none. */
export async function readFirstDay(table: Table, useCase: string): Promise<string | undefined> {
  const [first] = await table.query<DayItem>(daysPartition(useCase), { limit: 1 });
  return first?.sk;
}

function daysOf(outcomes: readonly Outcome[]): DayItem[] {
  const days = new Map(
    outcomes.map(({ useCase, receivedAt }): [string, DayItem] => {
      const day = receivedAt.slice(0, 'yyyy-mm-dd'.length);
      const expires = { [timeToLiveAttribute]: expiry(receivedAt, daysLogged) };
      return [`${useCase} ${day}`, { pk: daysPartition(useCase), sk: day, ...expires }];
    }),
  );
  return [...days.values()];
}

function daysPartition(useCase: string): string {
  return `${useCase}#outcome-days`;
}

function toItem(outcome: Outcome): OutcomeItem {
  const { useCase, outcomeId, receivedAt } = outcome;
  const shard = Number.parseInt(outcomeId.slice(-2), 16) % shards;
  return {
    pk: shardPartition(logPrefix(useCase), hourOf(new Date(receivedAt)), shard),
    sk: outcomeId,
    ...outcome,
    [timeToLiveAttribute]: expiry(receivedAt, daysLogged),
  };
}

function fromItem({ pk, sk, [timeToLiveAttribute]: _, ...outcome }: OutcomeItem): Outcome {
  return outcome;
}

function toReceipt(outcome: Outcome): ReceiptItem {
  const { receivedAt } = outcome;
  return { ...receiptKey(outcome), receivedAt, [timeToLiveAttribute]: expiry(receivedAt, daysRecognized) };
}

function receiptKey(outcome: Outcome): Key {
  return { pk: `${outcome.useCase}#outcome-of#${outcomeTarget(outcome)}`, sk: outcome.outcomeId };
}

/** What comes before the hour in the partition keys of the log: no hour of predictions begins like it. */
function logPrefix(useCase: string): string {
  return `${useCase}#outcomes`;
}

function expiry(receivedAt: string, days: number): number {
  return Math.floor(Date.parse(receivedAt) / 1_000) + days * 24 * 60 * 60;
}
