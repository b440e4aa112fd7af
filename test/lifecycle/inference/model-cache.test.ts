import { createModelCache } from '../../../lifecycle/inference/model-cache.ts';
import { modelCardKey, modelKey } from '../../../lifecycle/inference/model-signature.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { storeModel } from './publish-model.ts';

let services: EmbeddedServices;
let objects: Objects;
let reads: string[];

beforeAll(async () => {
  services = await startEmbeddedServices();
  const bucket = connectObjects(services.bucket);
  objects = {
    ...bucket,
    read: key => {
      reads.push(key);
      return bucket.read(key);
    },
  };
});
beforeEach(() => {
  reads = [];
});
afterAll(() => services.stop());

const model = (x: number) => ({ numbers: { x }, categories: { job: { clerk: 1, nurse: 2 } } });

describe('the model cache', () => {
  test('loads a model once for all who ask at the same time', async () => {
    const sha256 = await storeModel(objects, 'loans', model(1));
    const cache = createModelCache(objects);
    const leases = await Promise.all([cache.lease('loans', sha256), cache.lease('loans', sha256)]);
    expect(leases[0]!.model).toBe(leases[1]!.model);
    expect(leases[0]!.model.levels).toEqual(new Map([['job', new Set(['clerk', 'nurse'])]]));
    expect(reads).toEqual([modelKey('loans', sha256)]);
  });

  test('keeps what is held and the last that are not', async () => {
    const hashes = await Promise.all([1, 2, 3, 4].map(x => storeModel(objects, 'loans', model(x))));
    const cache = createModelCache(objects, { idle: 1 });
    const held = await cache.lease('loans', hashes[0]!);
    for (const sha256 of hashes.slice(1)) (await cache.lease('loans', sha256)).giveBack();
    reads = [];
    for (const sha256 of [hashes[0]!, hashes[3]!, hashes[2]!]) (await cache.lease('loans', sha256)).giveBack();
    expect(reads).toEqual([modelKey('loans', hashes[2]!)]);
    await expect(held.model.session.scoreInstances([{ x: 1 }])).resolves.toHaveLength(1);
  });

  test('counts a lease that is given back twice once', async () => {
    const sha256 = await storeModel(objects, 'loans', model(1));
    const cache = createModelCache(objects, { idle: 0 });
    const [first, second] = await Promise.all([cache.lease('loans', sha256), cache.lease('loans', sha256)]);
    first.giveBack();
    first.giveBack();
    await expect(second.model.session.scoreInstances([{ x: 1 }])).resolves.toHaveLength(1);
    second.giveBack();
    await new Promise(resolve => setImmediate(resolve));
    await expect(second.model.session.scoreInstances([{ x: 1 }])).rejects.toThrow();
  });

  test.each([
    ['model is missing', modelKey, undefined, 'ObjectNotFoundError'],
    ['model is another', modelKey, 'something else', 'CorruptModelError'],
    ['card is missing', modelCardKey, undefined, 'ObjectNotFoundError'],
    ['card is no JSON', modelCardKey, '{', 'SyntaxError'],
  ])('refuses a model when its %s, and takes it when that is mended', async (_, keyOf, content, name) => {
    const sha256 = await storeModel(objects, 'loans', model(9));
    const key = keyOf('loans', sha256);
    if (content === undefined) await objects.delete(key);
    else await objects.write(key, content);
    const cache = createModelCache(objects);
    await expect(cache.lease('loans', sha256)).rejects.toMatchObject({ name });
    await storeModel(objects, 'loans', model(9));
    await expect(cache.lease('loans', sha256)).resolves.toHaveProperty('model');
  });
});
