import type { Key, Table } from '../../platform/table.ts';
import { sequenceKey, type WithoutKey, withoutKey } from './keys.ts';

/** Items that are read at once on the way back. */
const stride = 25;

/**
 * Goes back through the items of a partition, by falling sort key, a few at a time: whoever stops early has not read the years before.
 *
 * @param before sort key below which it begins. @default - at the last
 */
export async function* walkBack<Item extends Key>(registry: Table, pk: string, before?: string): AsyncGenerator<Item> {
  for (let end = before; ; ) {
    // Sorts below every digit and letter. A range holds both its ends.
    const between = end === undefined ? undefined : ([' ', end] as const);
    const read = await registry.query<Item>(pk, { between, descending: true, limit: stride });
    for (const item of read) if (item.sk !== end) yield item;
    if (read.length < stride) return;
    end = read.at(-1)!.sk;
  }
}

/** Goes back through the numbered items of a partition, without their keys. @param before number beyond which it begins. @default - at the last */
export async function* walkNumbered<Item extends Key>(
  registry: Table,
  pk: string,
  before?: number,
): AsyncGenerator<WithoutKey<Item>> {
  const end = before === undefined ? undefined : sequenceKey(before);
  for await (const item of walkBack<Item>(registry, pk, end)) yield withoutKey(item);
}
