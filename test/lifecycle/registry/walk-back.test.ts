import { sequenceKey } from '../../../lifecycle/registry/keys.ts';
import { walkBack } from '../../../lifecycle/registry/walk-back.ts';
import { connectTable, type Key, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';

let embedded: EmbeddedServices;
let registry: Table;
beforeAll(async () => {
  embedded = await startEmbeddedServices();
  registry = connectTable('registry');
  const items = Array.from({ length: 60 }, (_, index) => ({ pk: 'numbers', sk: sequenceKey(index + 1) }));
  await registry.putMany(items);
});
afterAll(() => embedded.stop());

async function walk(count: number, before?: number): Promise<{ numbers: number[]; queries: number }> {
  let queries = 0;
  const query: Table['query'] = (...args) => {
    queries++;
    return registry.query(...args);
  };
  const numbers: number[] = [];
  const end = before === undefined ? undefined : sequenceKey(before);
  for await (const { sk } of walkBack<Key>({ ...registry, query }, 'numbers', end)) {
    numbers.push(Number(sk));
    if (numbers.length === count) break;
  }
  return { numbers, queries };
}

test('items are walked through from the last to the first', async () => {
  const { numbers } = await walk(100);
  expect(numbers).toEqual(Array.from({ length: 60 }, (_, index) => 60 - index));
});

test('whoever stops early reads only a few, and one may begin anywhere', async () => {
  expect(await walk(3)).toEqual({ numbers: [60, 59, 58], queries: 1 });
  expect(await walk(2, 31)).toEqual({ numbers: [30, 29], queries: 1 });
  expect(await walk(2, 1)).toEqual({ numbers: [], queries: 1 });
});
