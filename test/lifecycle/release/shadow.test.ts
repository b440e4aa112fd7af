import type { LoggedPrediction } from '../../../contracts/http.ts';
import { readClock } from '../../../lifecycle/clock.ts';
import { logPredictions } from '../../../lifecycle/predictions/prediction-log.ts';
import { readPredictions } from '../../../lifecycle/predictions/read-predictions.ts';
import { logShadowScores, readShadowScores, type ShadowScore } from '../../../lifecycle/predictions/shadow-scores.ts';
import { type ShadowServices, scoreShadow } from '../../../lifecycle/release/shadow.ts';
import { connectObjects } from '../../../platform/objects.ts';
import { connectTable } from '../../../platform/table.ts';
import { collect } from '../../collect.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { loans } from '../inference/loans.ts';
import { storeModel } from '../inference/publish-model.ts';
import type { SmallModel } from '../inference/small-model.ts';
import { examplePrediction } from '../predictions/example-prediction.ts';

let embedded: EmbeddedServices;
let services: ShadowServices;

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  const objects = connectObjects(embedded.bucket);
  services = { objects, predictions: connectTable('predictions'), clock: readClock({}) };
});
afterAll(() => embedded.stop());

const hour = (day: number) => ({
  from: new Date(Date.UTC(2026, 2, day, 10)),
  to: new Date(Date.UTC(2026, 2, day, 11)),
});

/** Logs `count` predictions over an hour of a day, each a test's own. */
async function logHour(
  day: number,
  count: number,
  features = (row: number): LoggedPrediction['features'] => ({ age: row }),
) {
  const { from } = hour(day);
  const predictions = Array.from({ length: count }, (_, row) =>
    examplePrediction({ at: new Date(from.getTime() + row * 1_000).toISOString(), features: features(row) }),
  );
  await logPredictions(services.predictions, predictions, { deadlineMs: 30_000 });
  return predictions;
}

async function shadowOf(model: SmallModel, version = 4) {
  return { version, threshold: 0.5, modelSha256: await storeModel(services.objects, loans.id, model) };
}

function score(shadow: Awaited<ReturnType<typeof shadowOf>>, day: number, limit?: number) {
  const { from, to } = hour(day);
  return scoreShadow(services, loans, { shadow, since: from, until: to, limit });
}

async function read(day: number, version = 4): Promise<ShadowScore[]> {
  return collect(readShadowScores(services.predictions, loans.id, version, hour(day)));
}

test('a shadow scores every logged request of the period, and each score lies beside its prediction', async () => {
  const logged = await logHour(1, 600);
  const shadow = await shadowOf({ numbers: { age: 0.01 } });
  await expect(score(shadow, 1)).resolves.toEqual({ scored: 600, isDone: true });
  const scores = new Map((await read(1)).map(score => [score.prediction.predictionId, score]));
  for (const prediction of logged) {
    const { probability, failure, prediction: beside } = scores.get(prediction.predictionId)!;
    expect(probability).toBeCloseTo(1 / (1 + Math.exp(-0.01 * Number(prediction.features.age))), 6);
    expect(failure).toBeNull();
    expect(beside).toEqual(prediction);
  }
  const predictions = await collect(readPredictions(services.predictions, loans.id, hour(1)));
  expect(predictions).toHaveLength(600);
});

test('what is scored is not scored again, so that an interrupted task goes on', async () => {
  await logHour(2, 1_100);
  const shadow = await shadowOf({ numbers: { age: 0 } });
  await expect(score(shadow, 2, 500)).resolves.toEqual({ scored: 500, isDone: false });
  await expect(score(shadow, 2)).resolves.toEqual({ scored: 600, isDone: true });
  await expect(score(shadow, 2)).resolves.toEqual({ scored: 0, isDone: true });
  expect(await read(2)).toHaveLength(1_100);
});

test('two shadows score the same request apart', async () => {
  const [logged] = await logHour(3, 1);
  await score(await shadowOf({ numbers: { age: 0 }, intercept: 1 }, 4), 3);
  await score(await shadowOf({ numbers: { age: 0 }, intercept: -1 }, 5), 3);
  const failure = { prediction: logged!, probability: null, failure: 'error' } as const;
  await logShadowScores(services.predictions, { version: 6, threshold: 0.5 }, [failure], new Date());
  expect((await read(3, 4))[0]!.probability).toBeCloseTo(0.7311, 4);
  expect((await read(3, 5))[0]!.probability).toBeCloseTo(0.2689, 4);
  await expect(read(3, 6)).resolves.toMatchObject([{ probability: null, failure: 'error' }]);
  await expect(read(3, 7)).resolves.toEqual([]);
});

test('a row that the shadow fails on is told apart from those beside it', async () => {
  await logHour(5, 9, row => ({ age: row, job: row === 4 ? 'pilot' : 'clerk' }));
  await score(await shadowOf({ numbers: { age: 0 }, categories: { job: { '': 0, clerk: 1 } }, unseenFails: true }), 5);
  const scores = await read(5);
  const failed = scores.filter(({ failure }) => failure !== null);
  expect(failed).toMatchObject([{ failure: 'error', probability: null, prediction: { features: { job: 'pilot' } } }]);
  expect(scores).toHaveLength(9);
});

test('a score that is no probability is a failure', async () => {
  await logHour(6, 1);
  await score(await shadowOf({ numbers: { age: 0 }, intercept: Number.NaN }), 6);
  await expect(read(6)).resolves.toMatchObject([{ failure: 'unusable score', probability: null }]);
});
