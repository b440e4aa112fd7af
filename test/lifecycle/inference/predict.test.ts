import type { Clock } from '../../../lifecycle/clock.ts';
import { createPredictor, type PredictorOptions } from '../../../lifecycle/inference/predict.ts';
import { pickVariant } from '../../../lifecycle/inference/router.ts';
import { PredictionNotFoundError, readPrediction } from '../../../lifecycle/predictions/prediction-log.ts';
import { readLatestEntry } from '../../../lifecycle/release/ledger.ts';
import { connectObjects } from '../../../platform/objects.ts';
import { connectTable } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { loans } from './loans.ts';
import { release, storeModel } from './publish-model.ts';

let services: EmbeddedServices;
let options: PredictorOptions;
let failures: { refresh: unknown[]; log: unknown[] };
const clock: Clock = { now: () => new Date(), real: ms => ms };

beforeEach(async () => {
  services = await startEmbeddedServices();
  failures = { refresh: [], log: [] };
  options = {
    registry: connectTable('registry'),
    objects: connectObjects(services.bucket),
    predictions: connectTable('predictions'),
    clock,
    onRefreshFailed: (_, error) => failures.refresh.push(error),
    onLogFailed: (_, error) => failures.log.push(error),
  };
});
afterEach(() => services.stop());

describe('a predictor', () => {
  test('answers each unit by its own variant, in the order of the request', async () => {
    const { registry, objects } = options;
    const champion = await storeModel(objects, loans.id, { numbers: { age: 0, income: 1 } });
    const challenger = await storeModel(objects, loans.id, { numbers: { age: 0, income: -1 } });
    await release(
      registry,
      loans.id,
      { modelSha256: champion, share: 0.5, version: 1, threshold: 0.5 },
      { modelSha256: challenger, share: 0.5, version: 2, threshold: 0.9 },
    );
    const { routing } = (await readLatestEntry(registry, loans.id))!;
    const instances = Array.from({ length: 100 }, (_, index) => ({ client_id: `c-${index}`, income: index / 50 }));

    const answers = await createPredictor(options).predict(loans, { instances });

    const versions = new Set<number>();
    for (const [index, { probability, version, variant, threshold, decision }] of answers.entries()) {
      const expected = pickVariant(routing!, `c-${index}`);
      expect({ version, variant, threshold }).toEqual({
        version: expected.version,
        variant: expected.name,
        threshold: expected.threshold,
      });
      const margin = (version === 1 ? 1 : -1) * (index / 50);
      expect(probability).toBeCloseTo(1 / (1 + Math.exp(-margin)), 6);
      expect(decision).toBe(probability >= threshold);
      versions.add(version);
    }
    expect(versions.size).toBe(2);
  });

  test('spreads instances without an entity by their prediction ids', async () => {
    const { registry, objects } = options;
    const modelSha256 = await storeModel(objects, loans.id, { numbers: { age: 0 } });
    await release(registry, loans.id, { modelSha256, share: 0.5 }, { modelSha256, share: 0.5 });
    const { routing } = (await readLatestEntry(registry, loans.id))!;
    const answers = await createPredictor(options).predict(loans, { instances: Array(50).fill({}) });
    for (const { predictionId, variant } of answers) expect(variant).toBe(pickVariant(routing!, predictionId).name);
    expect(new Set(answers.map(({ variant }) => variant)).size).toBe(2);
  });

  test('takes a probability equal to the threshold as positive', async () => {
    const modelSha256 = await storeModel(options.objects, loans.id, { numbers: { age: 0 } });
    await release(options.registry, loans.id, { modelSha256, threshold: 0.5 });
    const [answer] = await createPredictor(options).predict(loans, { instances: [{ age: 20 }] });
    expect(answer).toMatchObject({ probability: 0.5, decision: true });
  });

  test('answers though the log cannot be written, and hands the rows over', async () => {
    const modelSha256 = await storeModel(options.objects, loans.id, { numbers: { age: 0 } });
    await release(options.registry, loans.id, { modelSha256 });
    const predictor = createPredictor({ ...options, predictions: connectTable('nowhere') });
    const [answer] = await predictor.predict(loans, { instances: [{ age: 20, client_id: 'c-9' }] });
    expect(failures.log).toMatchObject([
      { name: 'PredictionLogError', predictions: [{ predictionId: answer!.predictionId, entityId: 'c-9' }] },
    ]);
    await expect(readPrediction(options.predictions, loans.id, answer!.predictionId)).rejects.toThrow(
      PredictionNotFoundError,
    );
  });

  test('fails no request while releases flip under load', async () => {
    const { registry, objects } = options;
    const hashes = await Promise.all(
      [1, 2, 3, 4].map(intercept => storeModel(objects, loans.id, { numbers: { age: 0 }, intercept })),
    );
    await release(registry, loans.id, { modelSha256: hashes[0]! });
    // Three seconds of domain time pass with each look at the clock, so that every request finds the routing outdated.
    let looks = 0;
    const outdating = { now: () => new Date(Date.now() + 3_000 * ++looks), real: (ms: number) => ms };
    const predictor = createPredictor({ ...options, clock: outdating });
    let isReleasing = true;
    const releasing = (async () => {
      for (const modelSha256 of [...hashes.slice(1), ...hashes]) {
        await release(registry, loans.id, { modelSha256 });
      }
      isReleasing = false;
    })();
    const seen = new Set<number>();
    while (isReleasing || !seen.has(8)) {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => predictor.predict(loans, { instances: [{ age: 20 }] })),
      );
      for (const [answer] of answers) {
        seen.add(answer!.version);
        const intercept = ((answer!.version - 1) % 4) + 1;
        expect(answer!.probability).toBeCloseTo(1 / (1 + Math.exp(-intercept)), 6);
      }
    }
    await releasing;
    expect(failures.refresh).toEqual([]);
  });
});
