import type { Key, Table } from '../../platform/table.ts';
import { sequenceKey } from './keys.ts';

/** Items that are read at once on the way back. */
const stride = 25;

/**
 * Goes back through the numbered items of a partition, newest first, a few at a time: whoever stops early has not read the years before.
 *
 * @param before number above which nothing is wanted, itself included. @default - everything is
 */
export async function* walkBack<Item extends Key>(registry: Table, pk: string, before?: number): AsyncGenerator<Item> {
  for (let end = before; end === undefined || end > 1; ) {
    const between = end === undefined ? undefined : ([sequenceKey(1), sequenceKey(end - 1)] as const);
    const items = await registry.query<Item>(pk, { between, descending: true, limit: stride });
    yield* items;
    if (items.length < stride) return;
    end = Number(items.at(-1)!.sk);
  }
}
