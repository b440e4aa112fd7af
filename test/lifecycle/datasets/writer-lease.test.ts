import { type Batch, emptyTable, putBatch, readLatestBatch } from '../../../lifecycle/datasets/batch.ts';
import { WriterFencedOffError } from '../../../lifecycle/datasets/errors.ts';
import { giveBackWriterLease, takeWriterLease, WriterBusyError } from '../../../lifecycle/datasets/writer-lease.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';

let embedded: EmbeddedServices;
let registry: Table;
beforeAll(async () => {
  embedded = await startEmbeddedServices();
  registry = connectTable('registry');
});
afterAll(() => embedded.stop());

let useCase = '';
let now = 0;
let cases = 0;
const clock = { now: () => new Date(now), real: (ms: number) => ms };
beforeEach(() => {
  useCase = `case-${++cases}`;
  now = Date.UTC(2026, 0, 1);
});
const take = (holder: string, others = clock) => takeWriterLease({ registry, clock: others }, useCase, holder);

test('one holder has the lease until it gives it back', async () => {
  const lease = await take('a');
  await expect(take('b')).rejects.toThrow(`Cannot write the tables of "${useCase}": a does`);
  await giveBackWriterLease(registry, lease);
  await expect(take('b')).resolves.toMatchObject({ holder: 'b', fence: 2 });
});

test('a lease that has expired may be taken, and its old holder can’t give it back any more', async () => {
  const old = await take('a');
  now += 15 * 60_000;
  await expect(take('b')).rejects.toThrow(WriterBusyError);
  now += 60_000;
  await take('b');
  await giveBackWriterLease(registry, old);
  await expect(take('c')).rejects.toThrow(WriterBusyError);
});

test('a clock that runs fast does not shorten the lease', async () => {
  const fast = { now: () => new Date(now), real: (ms: number) => ms / 1_000 };
  await take('a', fast);
  now += 1_000 * 15 * 60_000;
  await expect(take('b', fast)).rejects.toThrow(WriterBusyError);
});

test('the same holder takes it again with a higher number, and its earlier self can’t write the batch any more', async () => {
  const earlier = await take('a');
  await putBatch(registry, earlier, batch('planned'));
  const later = await take('a');
  expect(later.fence).toBeGreaterThan(earlier.fence);
  await putBatch(registry, later, batch('staged'));
  await expect(putBatch(registry, earlier, batch('complete'))).rejects.toThrow(WriterFencedOffError);
  expect(await readLatestBatch(registry, useCase)).toEqual(batch('staged'));
});

function batch(status: Batch['status']): Batch {
  return {
    number: 1,
    status,
    executionId: 'a',
    plannedAt: '2026-01-01T00:00:00.000Z',
    files: [],
    counts: { rows: 0, rejected: 0, conflicts: 0, duplicates: 0, relabelled: 0, expected: 0 },
    refusal: null,
    slices: [],
    attempt: 0,
    queryIds: [],
    labels: null,
    table: emptyTable,
  };
}
