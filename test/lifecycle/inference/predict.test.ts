import type { Clock } from '../../../lifecycle/clock.ts';
import { ModelUnavailableError, type VariantFailedError } from '../../../lifecycle/inference/errors.ts';
import { createPredictor, type PredictorOptions } from '../../../lifecycle/inference/predict.ts';
import { pickVariant } from '../../../lifecycle/inference/router.ts';
import { PredictionNotFoundError, readPrediction } from '../../../lifecycle/predictions/prediction-log.ts';
import { claimVersion, VersionNotFoundError } from '../../../lifecycle/registry/versions.ts';
import { readLatestEntry } from '../../../lifecycle/release/ledger.ts';
import { connectObjects } from '../../../platform/objects.ts';
import { connectTable } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { exampleVersion } from '../registry/example-version.ts';
import { loans } from './loans.ts';
import { release, storeModel } from './publish-model.ts';

let services: EmbeddedServices;
let options: PredictorOptions;
let failures: { refresh: unknown[]; variant: VariantFailedError[]; log: unknown[] };
const clock: Clock = { now: () => new Date(), real: ms => ms };

beforeEach(async () => {
  services = await startEmbeddedServices();
  failures = { refresh: [], variant: [], log: [] };
  options = {
    registry: connectTable('registry'),
    objects: connectObjects(services.bucket),
    predictions: connectTable('predictions'),
    clock,
    onRefreshFailed: (_, error) => failures.refresh.push(error),
    onVariantFailed: (_, error) => failures.variant.push(error),
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

  test('answers by the version that the caller names, whatever became of it, and logs it as no one’s exposure', async () => {
    const { registry, objects, predictions } = options;
    const modelSha256 = await storeModel(objects, loans.id, { numbers: { age: 1 } });
    await claimVersion(registry, exampleVersion({ useCase: loans.id, modelSha256, threshold: 0.4 }));
    const predictor = createPredictor(options);

    const [answer] = await predictor.predict(loans, { instances: [{ client_id: 'c-1' }] }, { version: 1 });

    expect(answer).toMatchObject({ probability: 0.5, version: 1, variant: 'pinned', threshold: 0.4, decision: true });
    const logged = readPrediction(predictions, loans.id, answer!.predictionId);
    await expect(logged).resolves.toMatchObject({ variant: 'pinned', entry: 0, entityId: 'c-1' });
    await expect(predictor.predict(loans, { instances: [{}] }, { version: 2 })).rejects.toThrow(VersionNotFoundError);
    const cut = createPredictor({ ...options, registry: connectTable('nowhere') });
    await expect(cut.predict(loans, { instances: [{}] }, { version: 1 })).rejects.toThrow(ModelUnavailableError);
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

  test('logs by which entry of the ledger a row was routed, and how long it took alone', async () => {
    const modelSha256 = await storeModel(options.objects, loans.id, { numbers: { age: 0 } });
    const entry = await release(options.registry, loans.id, { modelSha256 });
    const { predict } = createPredictor(options);
    const [alone] = await predict(loans, { instances: [{ age: 20 }] });
    const [first] = await predict(loans, { instances: [{ age: 20 }, { age: 30 }] });
    const read = (id: string) => readPrediction(options.predictions, loans.id, id);
    await expect(read(alone!.predictionId)).resolves.toMatchObject({
      entry,
      scoringMs: expect.any(Number),
      failed: null,
    });
    await expect(read(first!.predictionId)).resolves.toMatchObject({ entry, scoringMs: null, failed: null });
  });

  test('lets the champion answer where a challenger answers no probability, and logs whose place it took', async () => {
    const { registry, objects } = options;
    const champion = await storeModel(objects, loans.id, { numbers: { age: 0 } });
    const challenger = await storeModel(objects, loans.id, {
      numbers: { age: 0, income: 1e38 },
      intercept: Number.NaN,
    });
    await release(
      registry,
      loans.id,
      { modelSha256: champion, share: 0, version: 1, threshold: 0.5 },
      { modelSha256: challenger, share: 1, version: 2, threshold: 0.9 },
    );
    const answers = await createPredictor(options).predict(loans, { instances: [{ age: 20 }, { age: 30 }] });
    expect(answers).toMatchObject(Array(2).fill({ probability: 0.5, version: 1, variant: 'champion', threshold: 0.5 }));
    const failed = { variant: 'challenger', version: 2, reason: 'unusable score' };
    await expect(readPrediction(options.predictions, loans.id, answers[1]!.predictionId)).resolves.toMatchObject({
      failed,
    });
    expect(failures.variant).toMatchObject([{ failed }]);
  });

  test('lets the champion answer where a challenger throws', async () => {
    const { registry, objects } = options;
    const champion = await storeModel(objects, loans.id, { numbers: { age: 0 } });
    const categories = { job: { '': 0, clerk: 1 } };
    const challenger = await storeModel(objects, loans.id, { numbers: { age: 0 }, categories, unseenFails: true });
    await release(
      registry,
      loans.id,
      { modelSha256: champion, share: 0, version: 1 },
      { modelSha256: challenger, share: 1, version: 2 },
    );
    const predictor = createPredictor(options);
    const [fine] = await predictor.predict(loans, { instances: [{ job: 'clerk' }] });
    const [rescued] = await predictor.predict(loans, { instances: [{ job: 'pilot' }] });
    expect([fine!.version, rescued!.version]).toEqual([2, 1]);
    expect(failures.variant).toMatchObject([{ failed: { variant: 'challenger', version: 2, reason: 'error' } }]);
  });

  test('fails where the champion answers no probability', async () => {
    const modelSha256 = await storeModel(options.objects, loans.id, { numbers: { age: 0 }, intercept: Number.NaN });
    await release(options.registry, loans.id, { modelSha256 });
    await expect(createPredictor(options).predict(loans, { instances: [{ age: 20 }] })).rejects.toThrow(
      'Variant "champion" (v1) cannot score: unusable score',
    );
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
