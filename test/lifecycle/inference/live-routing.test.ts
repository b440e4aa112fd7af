import { randomUUID } from 'node:crypto';
import { createLiveRouting } from '../../../lifecycle/inference/live-routing.ts';
import { createModelCache, type ModelCache } from '../../../lifecycle/inference/model-cache.ts';
import { modelKey } from '../../../lifecycle/inference/model-signature.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { release, storeModel } from './publish-model.ts';

let services: EmbeddedServices;
let registry: Table;
let objects: Objects;

beforeAll(async () => {
  services = await startEmbeddedServices();
  registry = connectTable('registry');
  objects = connectObjects(services.bucket);
});
afterAll(() => services.stop());

/** A model that always answers about `probability`. */
const constant = (probability: number) => ({
  numbers: { x: 0 },
  intercept: Math.log(probability / (1 - probability)),
});

/** A watcher of a use case of its own, whose clock stands still until it is turned, and whose registry can be taken away or held up. */
function watch({ models = createModelCache(objects) }: { models?: ModelCache } = {}) {
  const useCase = `case-${randomUUID()}`;
  const failures: unknown[] = [];
  let now = Date.parse('2026-03-01T00:00:00Z');
  let reads = 0;
  let gate: Promise<unknown> = Promise.resolve();
  let outage: Error | undefined;
  const watched: Table = {
    ...registry,
    async query(pk, options) {
      reads++;
      await gate;
      if (outage) throw outage;
      return registry.query(pk, options);
    },
  };
  let settled = Promise.withResolvers<void>();
  const routing = createLiveRouting({
    registry: watched,
    models: {
      async lease(...model) {
        return models.lease(...model);
      },
    },
    clock: { now: () => new Date(now), real: ms => ms },
    onRefreshFailed: (_, error) => {
      failures.push(error);
      settled.resolve();
      settled = Promise.withResolvers();
    },
  });
  return {
    useCase,
    failures,
    current: async () => (await routing.current(useCase)).routing.variants[0]!.version,
    turnClock: (ms: number) => {
      now += ms;
    },
    reads: () => reads,
    failure: () => settled.promise,
    takeRegistryAway: () => {
      outage = new Error('no registry');
    },
    bringRegistryBack: () => {
      outage = undefined;
    },
    holdRegistryUp: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
  };
}

/** Asks until the answer is as expected; each question lets pending work go on. */
async function eventually<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  while ((await ask()) !== expected) await new Promise(resolve => setImmediate(resolve));
}

describe('the live routing', () => {
  test('is that of the last entry', async () => {
    const { useCase, current } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.2)) });
    await expect(current()).resolves.toBe(2);
  });

  test('is read once for requests at the same time', async () => {
    const { useCase, current, reads } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    await expect(Promise.all([current(), current(), current()])).resolves.toEqual([1, 1, 1]);
    expect(reads()).toBe(1);
  });

  test('does not exist before the first release, and does right after', async () => {
    const { useCase, current } = watch();
    await expect(current()).rejects.toThrow(`Use case "${useCase}" has no released model yet`);
    await release(registry, useCase);
    await expect(current()).rejects.toMatchObject({ name: 'NoModelError' });
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    await expect(current()).resolves.toBe(2);
  });

  test('is not read again while it is fresh', async () => {
    const { useCase, current, turnClock, reads } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    await current();
    turnClock(1_999);
    await current();
    expect(reads()).toBe(1);
  });

  test('moves on behind the requests, which wait for nothing', async () => {
    const { useCase, current, turnClock, holdRegistryUp } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    await current();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.2)) });
    turnClock(2_000);
    const letGo = holdRegistryUp();
    await expect(current()).resolves.toBe(1);
    await expect(current()).resolves.toBe(1);
    letGo();
    await eventually(current, 2);
  });

  test('is read before the first request after a pause is answered', async () => {
    const { useCase, current, turnClock } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    await current();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.2)) });
    turnClock(60_000);
    await eventually(current, 2);
  });

  test('stays when the registry is away after a pause', async () => {
    const { useCase, current, turnClock, failures, failure, takeRegistryAway, bringRegistryBack } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    await current();
    takeRegistryAway();
    turnClock(60_000);
    const told = failure();
    await expect(current()).resolves.toBe(1);
    await told;
    expect(failures).toMatchObject([{ message: 'no registry' }]);
    bringRegistryBack();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.2)) });
    turnClock(2_000);
    await eventually(current, 2);
  });

  test('stays when the registry does not answer, and is read anew once that is given up', async () => {
    const { useCase, current, turnClock, holdRegistryUp, reads } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    await current();
    holdRegistryUp();
    turnClock(2_000);
    await expect(current()).resolves.toBe(1);
    turnClock(2_500);
    await expect(current()).resolves.toBe(1);
    expect(reads()).toBe(2);
    turnClock(1_000);
    await expect(current()).resolves.toBe(1);
    expect(reads()).toBe(3);
  });

  test('is waited for when its first reading is slow', async () => {
    const { useCase, current, turnClock, holdRegistryUp, reads } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    const letGo = holdRegistryUp();
    const first = current();
    turnClock(10_000);
    const second = current();
    letGo();
    await expect(Promise.all([first, second])).resolves.toEqual([1, 1]);
    expect(reads()).toBe(1);
  });

  test('cannot be had when the registry is away from the start, and can when it is back', async () => {
    const { useCase, current, takeRegistryAway, bringRegistryBack } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    takeRegistryAway();
    await expect(current()).rejects.toMatchObject({ name: 'ModelUnavailableError', cause: { message: 'no registry' } });
    bringRegistryBack();
    await expect(current()).resolves.toBe(1);
  });

  test.each([
    ['corrupt', (key: string) => objects.write(key, new Uint8Array([1, 2, 3])), 'CorruptModelError'],
    ['missing', (key: string) => objects.delete(key), 'ObjectNotFoundError'],
  ])('does not move to a version whose file is %s, until it is mended', async (_, harm, name) => {
    const { useCase, current, turnClock, failures, failure } = watch();
    await release(registry, useCase, { modelSha256: await storeModel(objects, useCase, constant(0.1)) });
    await current();
    const next = await storeModel(objects, useCase, constant(0.2));
    await harm(modelKey(useCase, next));
    await release(registry, useCase, { modelSha256: next });
    turnClock(2_000);
    const told = failure();
    await expect(current()).resolves.toBe(1);
    await told;
    expect(failures).toMatchObject([{ name }]);
    await expect(current()).resolves.toBe(1);
    await storeModel(objects, useCase, constant(0.2));
    turnClock(2_000);
    await eventually(current, 2);
  });

  test('goes on without a challenger that cannot be loaded', async () => {
    const { useCase, current } = watch();
    const sha256 = await storeModel(objects, useCase, constant(0.1));
    await release(registry, useCase, { modelSha256: sha256 }, { modelSha256: 'f'.repeat(64) });
    await expect(current()).resolves.toBe(1);
  });

  test('goes back to an earlier model without loading it again', async () => {
    const loaded: string[] = [];
    const counting: Objects = {
      ...objects,
      read: key => {
        loaded.push(key);
        return objects.read(key);
      },
    };
    const { useCase, current, turnClock } = watch({ models: createModelCache(counting) });
    const first = await storeModel(objects, useCase, constant(0.1));
    const second = await storeModel(objects, useCase, constant(0.2));
    for (const [index, modelSha256] of [first, second, first].entries()) {
      await release(registry, useCase, { modelSha256 });
      turnClock(60_000);
      await eventually(current, index + 1);
    }
    expect(loaded).toEqual([modelKey(useCase, first), modelKey(useCase, second)]);
  });
});
