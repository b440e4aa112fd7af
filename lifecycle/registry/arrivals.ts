import type { Key, Table } from '../../platform/table.ts';
import { partition } from './keys.ts';
import { walkBack } from './walk-back.ts';

/** When an item came that is named by its content, so that its name says nothing of its age. */
export interface Arrival {
  /** ISO instant. */
  readonly at: string;
  readonly id: string;
}

/** What has its arrivals on record. */
export type ArrivalNoun = 'run' | 'experiment';

type ArrivalItem = Key & Arrival;

/** Records when an item comes; before the item itself, so that none is ever missing. Who walks back passes over those that never came. */
export async function recordArrival(
  registry: Table,
  useCase: string,
  noun: ArrivalNoun,
  arrival: Arrival,
): Promise<void> {
  await registry.put({ pk: orderOf(useCase, noun), sk: arrivalKey(arrival), ...arrival });
}

/** Goes back through the arrivals, the newest first. @param before one beyond which it begins */
export async function* walkArrivals(
  registry: Table,
  useCase: string,
  noun: ArrivalNoun,
  before?: Arrival,
): AsyncGenerator<Arrival> {
  const items = walkBack<ArrivalItem>(registry, orderOf(useCase, noun), before && arrivalKey(before));
  for await (const { at, id } of items) yield { at, id };
}

function orderOf(useCase: string, noun: ArrivalNoun): string {
  return partition(useCase, `${noun}-order`);
}

function arrivalKey({ at, id }: Arrival): string {
  return `${at}#${id}`;
}
